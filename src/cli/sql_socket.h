// SQL against a database that a running slipstream has open.
//
// A DuckDB file has one writing process. So that process listens on a Unix socket beside the file (<db>.sock,
// for the file's owner only), and `slipstream sql --db` asks there when the file is locked. A request is a
// line with the format, then the statement up to the end; the answer is a line "ok" or "error", then the
// text. Statements run in a read-only transaction, against accidents: who may open the socket may open the
// file.
#pragma once

#include <memory>
#include <string>
#include <thread>

#include "core/result.h"
#include "warehouse/format.h"
#include "warehouse/warehouse.h"

namespace slipstream::cli {

class SqlSocket {
 public:
  // Listens beside `db`. The warehouse must outlive the socket. Errors: unavailable, names the socket's path.
  static Result<std::unique_ptr<SqlSocket>> start(const std::string& db, warehouse::Warehouse& warehouse);
  ~SqlSocket();

 private:
  struct Private {};

 public:
  SqlSocket(Private, std::string path, int listener, warehouse::Warehouse& warehouse);

 private:
  void serve(const std::stop_token& stop);
  void answer(int client);
  std::string run(std::string_view request);

  const std::string path_;
  const int listener_;
  warehouse::Warehouse& warehouse_;
  std::jthread thread_;
};

// Asks the process that has `db` open. Errors: not_found, nobody listens there; else what the statement gave.
Result<std::string> ask_sql_socket(const std::string& db, warehouse::OutputFormat format,
                                   const std::string& statement);

}  // namespace slipstream::cli
