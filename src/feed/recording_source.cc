#include "feed/recording_source.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "feed/archive_line.h"
#include "feed/byte_order_mark.h"
#include "feed/source_item.h"

namespace slipstream::feed {
namespace {

namespace fs = std::filesystem;

// Enough to see a message of any format, behind log lines that a recorder wrote in front.
constexpr std::size_t sample_bytes = 64u << 10;

// A file of the recording with what reads it.
struct Part {
  LineReader lines;
  std::unique_ptr<LineDecoder> decoder;
};

class RecordingSource final : public Source {
 public:
  RecordingSource(SourceInfo info, RecordingClock clock, bool begins_with_snapshot, std::vector<Part> parts)
      : info_(std::move(info)), parts_(std::move(parts)), timeline_(clock) {
    if (begins_with_snapshot) timeline_.add(entries_.add(Entry::Kind::connected), 0);
  }

  const SourceInfo& info() const override { return info_; }
  Result<bool> next(SourceItem& item) override;
  std::int64_t bytes_read() const override;

 private:
  Result<void> read_line();
  void decode(const Line& line);
  void take(Entry& entry, const Line& line);
  void end_part();

  SourceInfo info_;
  std::vector<Part> parts_;
  std::size_t part_ = 0;
  Timeline timeline_;
  Entries entries_;
  std::int64_t line_offset_ = 0;  // of the line that was read last
};

Result<bool> RecordingSource::next(SourceItem& item) {
  while (!timeline_.take(item)) {
    if (part_ == parts_.size()) return false;
    SLIP_TRY(read_line());
  }
  return true;
}

Result<void> RecordingSource::read_line() {
  Line line;
  const auto has_line = parts_[part_].lines.next(line);
  if (!has_line) return tl::make_unexpected(has_line.error());
  if (!*has_line) {
    end_part();
    return {};
  }
  line_offset_ = line.offset;
  if (line.is_too_long) timeline_.add_broken(broken_input(line, too_long_reason()));
  else if (line.text.find_first_not_of(" \t") != std::string_view::npos) decode(line);
  return {};
}

void RecordingSource::decode(const Line& line) {
  entries_.clear();
  Part& part = parts_[part_];
  part.decoder->decode(line.text, entries_);
  // The half line in front of a damage is reported with it, once.
  const bool is_damaged = !line.is_terminated && !part.lines.bytes().cut_reason().empty();
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    if (!is_damaged || entries_[i].kind != Entry::Kind::broken) take(entries_[i], line);
  }
}

void RecordingSource::take(Entry& entry, const Line& line) {
  if (entry.kind != Entry::Kind::broken) return timeline_.add(entry, line.offset);
  Line piece = line;
  if (!entry.raw.empty()) piece.text = entry.raw;
  BrokenInput broken = broken_input(piece, std::move(entry.reason));
  if (!entry.message.feed_topic.empty()) broken.feed_topic = entry.message.feed_topic;
  broken.session_time = entry.offset;
  timeline_.add_broken(std::move(broken));
}

void RecordingSource::end_part() {
  const LineReader& lines = parts_[part_].lines;
  if (const std::string& reason = lines.bytes().cut_reason(); !reason.empty()) {
    timeline_.add_broken(broken_input(Line{.text = {}, .offset = line_offset_}, reason));
  }
  if (++part_ == parts_.size()) timeline_.end();
}

std::int64_t RecordingSource::bytes_read() const {
  std::int64_t sum = 0;
  for (const Part& part : parts_) sum += part.lines.bytes().bytes_read();
  return sum;
}

Result<Part> open_part(const std::string& path, const RecordingFormat& format, const SourceOptions& options,
                       std::size_t chunk_bytes) {
  auto bytes = ByteReader::open(path);
  if (!bytes) return tl::make_unexpected(bytes.error());
  return Part{LineReader(std::move(*bytes), chunk_bytes, limits::message_bytes_max, format.line_end),
              format.make_decoder(TopicFilter(options.topics))};
}

std::unique_ptr<Source> make_source(const fs::path& path, const RecordingFormat& format,
                                    std::vector<Part> parts) {
  SourceInfo info{.name = source_name(path),
                  .format = std::string(format.name),
                  .kind = SourceKind::recording,
                  .bytes_total = 0};
  for (const Part& part : parts) info.bytes_total += part.lines.bytes().bytes_total();
  return std::make_unique<RecordingSource>(std::move(info), format.clock, format.begins_with_snapshot,
                                           std::move(parts));
}

// The front of the unpacked file. Errors: those of ByteReader; malformed, nothing can be unpacked.
Result<std::string> read_sample(const std::string& path) {
  auto bytes = ByteReader::open(path);
  if (!bytes) return tl::make_unexpected(bytes.error());
  std::string sample(sample_bytes, '\0');
  std::size_t size = 0;
  while (size < sample.size()) {
    const auto count = bytes->read(sample.data() + size, sample.size() - size);
    if (!count) return tl::make_unexpected(count.error());
    if (*count == 0) break;
    size += *count;
  }
  sample.resize(size);
  if (size == 0 && bytes->bytes_total() > 0) {
    return fail(Errc::malformed,
                fmt::format("{}: nothing in it can be unpacked: {}", path, bytes->cut_reason()));
  }
  return sample;
}

// Undercut's file of that stem: "live.txt" in older versions, "live.jsonl" and "subscribe.json" in later
// ones.
std::optional<fs::path> undercut_file(const fs::path& folder, const std::string& stem) {
  std::error_code ignored;
  for (const std::string extension : {".txt", ".jsonl", ".json"}) {
    for (const std::string packed : {"", ".gz"}) {
      fs::path path = folder / (stem + extension + packed);
      if (fs::is_regular_file(path, ignored)) return path;
    }
  }
  return std::nullopt;
}

}  // namespace

Result<std::unique_ptr<Source>> open_recording(const std::string& path, const RecordingFormat& format,
                                               const SourceOptions& options, std::size_t chunk_bytes) {
  auto part = open_part(path, format, options, chunk_bytes);
  if (!part) return tl::make_unexpected(part.error());
  std::vector<Part> parts;
  parts.push_back(std::move(*part));
  return make_source(path, format, std::move(parts));
}

Result<const RecordingFormat*> find_recording_format(const std::string& path) {
  const auto sample = read_sample(path);
  if (!sample) return tl::make_unexpected(sample.error());
  if (sample->empty()) return fail(Errc::malformed, fmt::format("{}: the file is empty", path));
  if (const RecordingFormat* const format = recognise_recording(*sample)) return format;
  const std::string_view text = without_byte_order_mark(*sample);
  if (fs::path(path).extension() == ".jsonStream" &&
      split_archive_line(text.substr(0, text.find('\n'))).has_value()) {
    return fail(Errc::malformed, fmt::format("{}: one topic of an archive; name its folder", path));
  }
  return fail(Errc::malformed,
              fmt::format("{}: no recording that can be read; expected lines like ['TimingData', {{...}}, "
                          "'2025-09-07T12:57:33.210Z'] or another format of docs/feed.md, or a folder with "
                          "<Topic>.jsonStream files",
                          path));
}

bool is_undercut_folder(const fs::path& folder) { return undercut_file(folder, "live").has_value(); }

Result<std::unique_ptr<Source>> open_undercut(const fs::path& folder, const SourceOptions& options) {
  std::vector<Part> parts;
  const std::pair<std::string, const RecordingFormat*> files[] = {{"subscribe", &snapshot_format()},
                                                                  {"live", &undercut_format()}};
  for (const auto& [stem, format] : files) {
    const auto path = undercut_file(folder, stem);
    if (!path) continue;
    auto part = open_part(path->string(), *format, options, read_chunk_bytes);
    if (!part) return tl::make_unexpected(part.error());
    parts.push_back(std::move(*part));
  }
  return make_source(folder, undercut_format(), std::move(parts));
}

Result<fs::path> find_recording_in(const fs::path& folder) {
  std::vector<fs::path> found;
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    std::error_code ignored;
    if (it->is_regular_file(ignored) && find_recording_format(it->path().string()))
      found.push_back(it->path());
  }
  if (found.size() == 1) return found.front();
  if (found.empty()) return fail(Errc::not_found, fmt::format("{}: no recording in it", folder.string()));
  std::vector<std::string> names;
  for (const auto& path : found) names.push_back(path.filename().string());
  return tl::make_unexpected(several_in(folder, "recordings", std::move(names)));
}

}  // namespace slipstream::feed
