// One line of a dump: 00:00:03.422{"stream":"TimingData","payload":{"Lines":{}}}, with the archive's offset
// in front. The first line of a file is "URL: ...". Pure, but for buffers. Thread rule: one thread at a time.
#pragma once

#include <string_view>
#include <utility>

#include "feed/entry.h"

namespace slipstream::feed {

// Whether `line` begins like a message of this format; what follows may still be broken.
bool looks_like_dump(std::string_view line);

class DumpDecoder final : public LineDecoder {
 public:
  explicit DumpDecoder(TopicFilter filter) : build_(std::move(filter)) {}
  void decode(std::string_view line, Entries& out) override;

 private:
  EntryBuilder build_;
};

}  // namespace slipstream::feed
