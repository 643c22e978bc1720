#include "feed/recording_format.h"

#include <algorithm>
#include <array>
#include <utility>

#include "feed/byte_order_mark.h"
#include "feed/dump_line.h"
#include "feed/fastf1_line.h"
#include "feed/ns_line.h"
#include "feed/signalr_line.h"
#include "feed/signalrcore_message.h"
#include "feed/snapshot_document.h"

namespace slipstream::feed {
namespace {

template <class Decoder>
std::unique_ptr<LineDecoder> make(TopicFilter filter) {
  return std::make_unique<Decoder>(std::move(filter));
}

constexpr RecordingFormat snapshot{.name = "snapshot",
                                   .begins_like = looks_like_snapshot,
                                   .make_decoder = make<SnapshotDecoder>,
                                   .line_end = '\0'};
constexpr RecordingFormat undercut{
    .name = "undercut", .begins_like = looks_like_undercut, .make_decoder = make<SignalRDecoder>};

// The first that knows a line has it: the narrower ones stand in front.
constexpr std::array line_formats = {
    RecordingFormat{.name = "fastf1core",
                    .begins_like = looks_like_fastf1_snapshot,
                    .make_decoder = make<FastF1Decoder>,
                    .begins_with_snapshot = true},
    RecordingFormat{.name = "fastf1", .begins_like = looks_like_fastf1, .make_decoder = make<FastF1Decoder>},
    RecordingFormat{.name = "signalrcore",
                    .begins_like = looks_like_signalrcore,
                    .make_decoder = make<SignalRCoreDecoder>,
                    .line_end = signalrcore_message_end,
                    .begins_with_snapshot = true},
    RecordingFormat{
        .name = "signalr", .begins_like = looks_like_signalr, .make_decoder = make<SignalRDecoder>},
    undercut,
    RecordingFormat{.name = "dump",
                    .begins_like = looks_like_dump,
                    .make_decoder = make<DumpDecoder>,
                    .clock = RecordingClock::offsets},
    RecordingFormat{.name = "ns", .begins_like = looks_like_ns, .make_decoder = make<NsDecoder>},
};

// signalrcore as a recorder leaves it that writes a message a line, without 0x1E.
constexpr RecordingFormat signalrcore_lines{.name = "signalrcore",
                                            .begins_like = looks_like_signalrcore,
                                            .make_decoder = make<SignalRCoreDecoder>,
                                            .begins_with_snapshot = true};

const RecordingFormat* format_of(std::string_view line) {
  const auto* const found = std::find_if(line_formats.begin(), line_formats.end(),
                                         [line](const auto& format) { return format.begins_like(line); });
  return found == line_formats.end() ? nullptr : found;
}

}  // namespace

const RecordingFormat* recognise_recording(std::string_view sample) {
  sample = without_byte_order_mark(sample);
  for (std::string_view rest = sample; !rest.empty();) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    const RecordingFormat* const format = format_of(rest.substr(0, end));
    if (format != nullptr && format->line_end == signalrcore_message_end &&
        sample.find(signalrcore_message_end) == std::string_view::npos) {
      return &signalrcore_lines;
    }
    if (format != nullptr) return format;
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return snapshot.begins_like(sample) ? &snapshot : nullptr;
}

const RecordingFormat& snapshot_format() { return snapshot; }
const RecordingFormat& undercut_format() { return undercut; }

}  // namespace slipstream::feed
