// A whole recording of any format: no bytes crash it, nothing is held back for ever, and every message that
// was decoded comes out once.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/result.h"
#include "feed/recording_format.h"
#include "feed/timeline.h"

using namespace slipstream;

namespace {

struct Counts {
  std::size_t in = 0, out = 0;
};

void drain(feed::Timeline& timeline, Counts& counts) {
  static feed::SourceItem item;
  while (timeline.take(item)) ++counts.out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  const feed::RecordingFormat* const format = feed::recognise_recording(rest);
  if (format == nullptr) return 0;
  const auto decoder = format->make_decoder(feed::TopicFilter());
  feed::Timeline timeline(format->clock);
  feed::Entries entries;
  Counts counts;
  for (std::int64_t offset = 0; !rest.empty(); ++offset) {
    const std::size_t end = std::min(rest.find(format->line_end), rest.size());
    entries.clear();
    decoder->decode(rest.substr(0, end), entries);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    for (std::size_t i = 0; i < entries.size(); ++i) {
      if (entries[i].kind == feed::Entry::Kind::broken) continue;
      counts.in += entries[i].kind == feed::Entry::Kind::message ? 1 : 0;
      timeline.add(entries[i], offset);
    }
    drain(timeline, counts);
  }
  timeline.end();
  drain(timeline, counts);
  SLIP_CHECK(counts.in == counts.out);
  return 0;
}
