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
#include "warehouse/row_group_store.h"

namespace slipstream::cli {

// Rows of samples of one car, in their order: those in `gathered` are behind the batch's. A batch gets its
// session key at the first row; the build is known at the end only.
template <class Row>
struct CarRows {
  record::RowBatch batch;
  std::vector<session::Published<Row>> gathered;
};
template <class Row>
using CarsRows = std::map<record::Int, CarRows<Row>>;  // by car number

class SessionRows {
 public:
  // Keeps the rows of these tables only; empty: of all. With `packed`, which must outlive this, all rows go
  // there, samples at once.
  explicit SessionRows(const std::vector<std::string>& tables = {},
                       warehouse::RowGroupStore* packed = nullptr);

  // Takes everything out of `output`.
  void take(session::Output& output);
  // Says in the session's row that all is there. For files, which no warehouse looks after; a warehouse says
  // it itself.
  void say_complete();
  // The day under which files of the session are kept: of its scheduled start in UTC, of zero_date where
  // there is none, `unknown` without both.
  std::string date() const;
  // Batches in the order of record::all_tables(), of one table in key order, every key once. None with
  // `packed`, which gets them, and no row that is withdrawn.
  std::vector<record::RowBatch> finish(const std::string& build) &&;

 private:
  template <class Row>
  using KeyedRows = std::map<record::RowKey, std::pair<Row, record::Envelope>>;
  template <class Variant>
  struct StoresOf;
  template <class... Rows>
  struct StoresOf<std::variant<Rows...>> {
    using Type = std::tuple<KeyedRows<Rows>...>;
  };

  warehouse::RowGroupStore* packed_;
  std::vector<bool> is_wanted_;  // in the order of record::all_tables()
  StoresOf<record::AnyRow>::Type rows_;
  std::tuple<CarsRows<record::CarSample>, CarsRows<record::PositionSample>, CarsRows<record::Telemetry>>
      samples_;
};

}  // namespace slipstream::cli
