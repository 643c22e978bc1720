// What an engine has published, counted table by table: the manifest of its build (record/manifest.h).
//
// Pure; one thread at a time.
#pragma once

#include <array>
#include <set>
#include <string>
#include <variant>

#include "record/manifest.h"
#include "record/telemetry.h"
#include "session/completeness.h"
#include "session/output.h"

namespace slipstream::session {

class ManifestTally {
 public:
  // What `output` holds now is counted already, or is not of this build.
  void mark(Output& output);
  // Counts what has come behind the marks, and sets them anew. Calls visit(row) for each row of it.
  template <class Visit>
  void take(Output& output, Visit visit) {
    if (!output.is_touched()) return;
    are_marks_zero_ = false;
    std::size_t at = 0;
    output.for_each_table([&](auto& list) {
      Count& count = counts_[at++];
      for (; count.mark < list.size(); ++count.mark) {
        auto& [row, envelope, at_ms] = list[count.mark];
        visit(row);
        if (comes_once(row)) add_once(count, record::row_key(row), envelope.revision);
        else add(count, record::row_key(row), envelope);
      }
    });
  }

  // From now on a row of telemetry is the last revision of its key, whatever its number, and the only one.
  void expect_last_telemetry() { is_telemetry_last_ = true; }

  record::Manifest manifest(const std::string& source, Int engine_version, const TopicSet& gapless) const;

 private:
  struct Count {
    std::size_t mark = 0;
    std::int64_t record_count = 0, row_count = 0;
    std::uint64_t checksum = 0;
    std::set<record::RowKey> withdrawn;
  };
  static void add(Count& count, record::RowKey key, record::Envelope envelope);
  static void add_once(Count& count, const record::RowKey& key, Int revision) {
    ++count.record_count;
    ++count.row_count;
    count.checksum += record::row_hash(key, revision);
  }
  template <class Row>
  bool comes_once(const Row&) const {
    if constexpr (std::is_same_v<Row, record::Telemetry>) return is_telemetry_last_;
    return record::is_sample<Row>;
  }

  bool is_telemetry_last_ = false;

  bool are_marks_zero_ = true;
  std::array<Count, std::variant_size_v<record::AnyRow>> counts_;  // in the order of record::all_tables()
};

// Does what came without a gap settle which rows the table has?
bool is_gapless_table(std::string_view table, const TopicSet& gapless_topics);

}  // namespace slipstream::session
