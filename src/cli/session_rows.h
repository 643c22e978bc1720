// The rows of one session as they stand at its end: what `load` gives to the warehouse in one go.
//
// Keeps, per key, the last revision of what the engine published, of all tables or of some; samples, which
// are never revised and are most of it, go straight into columns, one batch a car. Rows come out in key
// order. One thread at a time.
#pragma once

#include <map>
#include <string>
#include <tuple>
#include <variant>
#include <vector>

#include "record/batch.h"
#include "record/row_key.h"
#include "record/table.h"
#include "session/output.h"

namespace slipstream::cli {

class SessionRows {
 public:
  // Keeps the rows of these tables only; empty: of all.
  explicit SessionRows(const std::vector<std::string>& tables = {});

  // Takes everything out of `output`.
  void take(session::Output& output);
  // Says in the session's row that all is there. For files, which no warehouse looks after; a warehouse says
  // it itself.
  void say_complete();
  // Batches in the order of record::all_tables(), of one table in key order, every key once.
  std::vector<record::RowBatch> finish(const std::string& build) &&;

 private:
  template <class Row>
  using KeyedRows = std::map<record::RowKey, std::pair<Row, record::Envelope>>;
  // The batches of samples get their session key at the first row; the build is known at the end only.
  using SampleBatches = std::map<record::Int, record::RowBatch>;

  template <class Variant>
  struct StoresOf;
  template <class... Rows>
  struct StoresOf<std::variant<Rows...>> {
    using Type = std::tuple<KeyedRows<Rows>...>;
  };

  std::vector<bool> is_wanted_;  // in the order of record::all_tables()
  StoresOf<record::AnyRow>::Type rows_;
  SampleBatches car_samples_, position_samples_;
};

}  // namespace slipstream::cli
