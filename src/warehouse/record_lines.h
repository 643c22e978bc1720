// Rows as JSON lines of the records that the bus has in f1_laps and f1_tele, under FastF1's names.
//
// f1_laps  a line a lap, by lap number and then by when it was set; the reference's 24 fields come first.
// f1_tele  a line a sample inside a lap, of all cars together by Date; the reference's 19 fields come first.
//          date_delta: milliseconds since the line before, 0 in a session's first line, so that a producer
//          that sleeps as long between two lines replays the session at its own pace.
// docs/schemas/ has both. Thread rule: one thread at a time.
#pragma once

#include <span>
#include <string_view>

#include "core/result.h"
#include "record/batch.h"
#include "warehouse/warehouse.h"

namespace slipstream::warehouse {

// Whether there are lines of that name: "f1_laps", "f1_tele".
bool is_record_topic(std::string_view name);
// The table that the topic's lines are made from. Precondition: is_record_topic(topic).
const record::TableSpec& table_of_topic(std::string_view topic);

// Writes the topic's file: of `session` only where files are partitioned, else nullptr. Precondition: batches
// hold every key once. Errors: unavailable, names the folder or file.
Result<ExportedFile> write_record_lines(std::string_view topic, std::span<const record::RowBatch> batches,
                                        const ExportOptions& options, const SessionDate* session);

}  // namespace slipstream::warehouse
