#include "feed/fastf1.h"

#include <optional>
#include <utility>

#include "feed/fastf1_line.h"
#include "feed/source_item.h"

namespace slipstream::feed {
namespace {

class FastF1Source final : public Source {
 public:
  FastF1Source(SourceInfo info, LineReader lines, const SourceOptions& options)
      : info_(std::move(info)), lines_(std::move(lines)), decoder_(TopicFilter(options.topics)) {}

  const SourceInfo& info() const override { return info_; }
  Result<bool> next(SourceItem& item) override;
  std::int64_t bytes_read() const override { return lines_.bytes().bytes_read(); }

 private:
  void take_time();
  void take_message(const Line& line, SourceItem& item);
  void take_broken(const Line& line, std::string reason, SourceItem& item);
  bool is_cut_line(const Line& line) const {
    return !line.is_terminated && !lines_.bytes().cut_reason().empty();
  }
  Result<bool> end(SourceItem& item);

  SourceInfo info_;
  LineReader lines_;
  FastF1Decoder decoder_;
  FastF1Line decoded_;
  std::optional<UtcTime> zero_;
  SessionTime session_time_{};
  Line last_{};
  bool is_ended_ = false;
};

// A damaged file ends with one report of its own, in place of the half line that it cut.
Result<bool> FastF1Source::end(SourceItem& item) {
  if (std::exchange(is_ended_, true) || lines_.bytes().cut_reason().empty()) return false;
  take_broken(last_, lines_.bytes().cut_reason(), item);
  return true;
}

void FastF1Source::take_broken(const Line& line, std::string reason, SourceItem& item) {
  auto& broken = item.emplace<BrokenInput>(broken_input(line, std::move(reason)));
  if (!decoded_.feed_topic.empty()) broken.feed_topic = decoded_.feed_topic;
}

void FastF1Source::take_time() {
  if (!decoded_.utc) return;
  if (!zero_) zero_ = decoded_.utc;
  session_time_ = *decoded_.utc - *zero_;
}

void FastF1Source::take_message(const Line& line, SourceItem& item) {
  Message& message = message_in(item);
  message.feed_topic.swap(decoded_.feed_topic);
  message.payload.swap(decoded_.payload);
  message.session_time = session_time_;
  message.utc = decoded_.utc;
  message.is_snapshot = !decoded_.utc.has_value();
  message.source_offset = line.offset;
}

Result<bool> FastF1Source::next(SourceItem& item) {
  Line line;
  for (;;) {
    if (is_ended_) return false;
    auto has_line = lines_.next(line);
    if (!has_line) return has_line;
    decoded_.feed_topic.clear();
    if (!*has_line) {
      last_ = Line{.text = {}, .offset = lines_.offset()};
      return end(item);
    }
    if (line.text.find_first_not_of(" \t") == std::string_view::npos) continue;
    last_ = line;
    if (line.is_too_long) {
      take_broken(line, too_long_reason(), item);
      return true;
    }
    const auto decoded = decoder_.decode(line.text, decoded_);
    if (!decoded && is_cut_line(line)) return end(item);
    if (!decoded) {
      take_broken(line, decoded.error().message, item);
      return true;
    }
    take_time();
    if (decoded_.is_skipped) continue;
    take_message(line, item);
    return true;
  }
}

}  // namespace

Result<std::unique_ptr<Source>> open_fastf1(const std::string& path, const SourceOptions& options,
                                            std::size_t chunk_bytes) {
  auto bytes = ByteReader::open(path);
  if (!bytes) return tl::make_unexpected(bytes.error());
  SourceInfo info{.name = source_name(path),
                  .format = "fastf1",
                  .kind = SourceKind::recording,
                  .bytes_total = bytes->bytes_total()};
  return std::make_unique<FastF1Source>(std::move(info), LineReader(std::move(*bytes), chunk_bytes), options);
}

}  // namespace slipstream::feed
