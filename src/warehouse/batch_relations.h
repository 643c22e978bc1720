// Row batches as relations that SQL reads where they lie: FROM rows_of_laps(). Nothing is copied into tables.
//
// A relation has its table's columns and `revision`, and the rows in the order of the batches without those
// withdrawn. Errors and threads as in database.h; any number of connections may read.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/result.h"
#include "record/batch.h"
#include "warehouse/database.h"

namespace slipstream::warehouse {

class BatchRelations {
 public:
  // `batches` must outlive the relations.
  explicit BatchRelations(std::span<const record::RowBatch> batches);
  ~BatchRelations();

  // Makes the relations known to the connection's database, once, for all of record::all_tables(). They must
  // outlive it.
  Result<void> add_to(Connection& connection) const;
  // "rows_of_laps()".
  static std::string name(const record::TableSpec& spec);

  struct Relation;

 private:
  std::vector<std::unique_ptr<Relation>> relations_;
};

}  // namespace slipstream::warehouse
