// What an engine has published, counted table by table: the manifest of its build (record/manifest.h).
//
// Pure; one thread at a time.
#pragma once

#include <array>
#include <set>
#include <string>
#include <variant>

#include "record/manifest.h"
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
        visit(list[count.mark].row);
        add(count, record::row_key(list[count.mark].row), list[count.mark].envelope);
      }
    });
  }

  record::Manifest manifest(const std::string& source, Int engine_version, const TopicSet& gapless) const;

 private:
  struct Count {
    std::size_t mark = 0;
    std::int64_t record_count = 0, row_count = 0;
    std::uint64_t checksum = 0;
    std::set<record::RowKey> withdrawn;
  };
  static void add(Count& count, record::RowKey key, record::Envelope envelope);

  bool are_marks_zero_ = true;
  std::array<Count, std::variant_size_v<record::AnyRow>> counts_;  // in the order of record::all_tables()
};

// Does what came without a gap settle which rows the table has?
bool is_gapless_table(std::string_view table, const TopicSet& gapless_topics);

}  // namespace slipstream::session
