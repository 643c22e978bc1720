#include "feed/archive.h"

#include <fmt/core.h>

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

#include "feed/archive_line.h"
#include "feed/payload.h"
#include "feed/source_item.h"
#include "feed/topic_filter.h"

namespace slipstream::feed {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view topic_suffix = ".jsonStream";
// <root>/<year>/<meeting>/<session>; one more for a copy in a folder of its own.
constexpr int folder_depth_max = 4;
constexpr SessionTime after_all = SessionTime::max();

bool is_topic_file(const fs::directory_entry& entry) {
  std::error_code ignored;
  return entry.path().extension() == topic_suffix && entry.is_regular_file(ignored);
}

std::vector<fs::path> topic_files(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    if (is_topic_file(*it)) files.push_back(it->path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::vector<fs::path> session_folders_below(const fs::path& root) {
  std::vector<fs::path> folders;
  std::error_code error;
  fs::recursive_directory_iterator it(root, fs::directory_options::skip_permission_denied, error);
  for (const fs::recursive_directory_iterator end; !error && it != end; it.increment(error)) {
    if (it.depth() >= folder_depth_max) it.disable_recursion_pending();
    if (!is_topic_file(*it)) continue;
    const fs::path folder = it->path().parent_path();
    if (std::find(folders.begin(), folders.end(), folder) == folders.end()) folders.push_back(folder);
  }
  std::sort(folders.begin(), folders.end());
  return folders;
}

// One file of the session, and the line of it that waits to be merged.
class Topic {
 public:
  Topic(std::string name, LineReader lines)
      : name_(std::move(name)), is_packed_(is_packed_topic(name_)), lines_(std::move(lines)) {}

  // Goes to the next line that is not empty. Errors: those of LineReader::next.
  Result<void> advance();
  // When the line is due; after_all behind the last one.
  SessionTime due() const { return due_; }
  void take(Unpacker& unpacker, SourceItem& item) const;
  const ByteReader& bytes() const { return lines_.bytes(); }

 private:
  void take_broken(std::string reason, SourceItem& item) const;

  std::string name_;
  bool is_packed_;
  LineReader lines_;
  Line line_;
  Result<ArchiveLine> split_;
  SessionTime due_{};
};

Result<void> Topic::advance() {
  do {
    const auto has_line = lines_.next(line_);
    if (!has_line) return tl::make_unexpected(has_line.error());
    if (!*has_line) {
      due_ = after_all;
      return {};
    }
  } while (line_.text.empty());
  split_ = split_archive_line(line_.text);
  if (split_) due_ = split_->session_time;
  return {};
}

void Topic::take_broken(std::string reason, SourceItem& item) const {
  auto& broken = item.emplace<BrokenInput>(broken_input(line_, std::move(reason)));
  broken.feed_topic = name_;
  if (split_) broken.session_time = split_->session_time;
}

void Topic::take(Unpacker& unpacker, SourceItem& item) const {
  if (line_.is_too_long) return take_broken(too_long_reason(), item);
  if (!split_) return take_broken(split_.error().message, item);
  Message& message = message_in(item);
  const auto decoded = decode_payload(split_->raw_payload, is_packed_, unpacker, message.payload);
  if (!decoded) return take_broken(decoded.error().message, item);
  message.feed_topic = name_;
  message.session_time = split_->session_time;
  message.utc.reset();
  message.is_snapshot = false;
  message.source_offset = line_.offset;
}

class ArchiveSource final : public Source {
 public:
  ArchiveSource(SourceInfo info, std::vector<Topic> topics)
      : info_(std::move(info)), topics_(std::move(topics)) {}

  const SourceInfo& info() const override { return info_; }
  Result<bool> next(SourceItem& item) override;
  std::int64_t bytes_read() const override;

 private:
  Result<void> advance_all();

  SourceInfo info_;
  std::vector<Topic> topics_;
  Unpacker unpacker_;
  bool is_started_ = false;
  Topic* taken_ = nullptr;  // its line went out last; it goes on when the next one is asked for
};

Result<void> ArchiveSource::advance_all() {
  if (std::exchange(is_started_, true)) {
    if (taken_ != nullptr) return std::exchange(taken_, nullptr)->advance();
    return {};
  }
  for (Topic& topic : topics_) SLIP_TRY(topic.advance());
  return {};
}

Result<bool> ArchiveSource::next(SourceItem& item) {
  SLIP_TRY(advance_all());
  // A session has two or three dozen files, for which a scan is as fast as a heap.
  Topic* first = nullptr;
  SessionTime due = after_all;
  for (Topic& topic : topics_) {
    if (topic.due() >= due) continue;
    due = topic.due();
    first = &topic;
  }
  if (first == nullptr) return false;
  first->take(unpacker_, item);
  taken_ = first;
  return true;
}

std::int64_t ArchiveSource::bytes_read() const {
  std::int64_t sum = 0;
  for (const Topic& topic : topics_) sum += topic.bytes().bytes_read();
  return sum;
}

}  // namespace

bool has_topics(const fs::path& folder) { return !topic_files(folder).empty(); }

Result<fs::path> find_session_folder(const fs::path& folder) {
  if (has_topics(folder)) return folder;
  const auto folders = session_folders_below(folder);
  if (folders.size() == 1) return folders.front();
  if (folders.empty()) {
    return fail(Errc::not_found,
                fmt::format("{}: no <Topic>.jsonStream in this folder or below", folder.string()));
  }
  std::vector<std::string> names;
  names.reserve(folders.size());
  for (const auto& path : folders) names.push_back(path.lexically_relative(folder).string());
  return tl::make_unexpected(several_in(folder, "sessions", std::move(names)));
}

Result<std::unique_ptr<Source>> open_archive(const fs::path& folder, const SourceOptions& options,
                                             std::size_t chunk_bytes) {
  SourceInfo info{
      .name = source_name(folder), .format = "archive", .kind = SourceKind::archive, .bytes_total = 0};
  std::vector<Topic> topics;
  const TopicFilter filter(options.topics);
  const std::vector<fs::path> files = topic_files(folder);
  if (files.empty()) {
    return fail(Errc::malformed, fmt::format("{}: no <Topic>.jsonStream in this folder", folder.string()));
  }
  for (const fs::path& file : files) {
    if (!filter.takes(file.stem().string())) continue;
    auto bytes = ByteReader::open(file.string());
    if (!bytes) return tl::make_unexpected(bytes.error());
    info.bytes_total += bytes->bytes_total();
    topics.emplace_back(file.stem().string(), LineReader(std::move(*bytes), chunk_bytes));
  }
  return std::make_unique<ArchiveSource>(std::move(info), std::move(topics));
}

}  // namespace slipstream::feed
