#include "feed/live_recorder.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <algorithm>
#include <cstring>
#include <memory>
#include <system_error>
#include <utility>
#include <vector>

#include "feed/json_tree.h"
#include "feed/signalrcore_message.h"

namespace slipstream::feed {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view suffix = ".signalrcore.txt";
constexpr std::size_t copy_bytes = 256u << 10;
// What waits for a snapshot that does not come is written all the same.
constexpr std::size_t pending_bytes_max = 32u << 20;
constexpr int same_names_max = 1000;
// A recording without a name belongs to the session that comes next only if that is soon.
constexpr auto unnamed_age_max = std::chrono::hours(1);
// A session whose SessionInfo has not come.
constexpr std::string_view unnamed = "unnamed";

// What may stand in a file's name.
std::string file_name_of(std::string_view text) {
  std::string name;
  for (const char c : text) {
    const bool is_plain =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
    if (is_plain) name += c;
    else if (!name.empty() && name.back() != '_') name += '_';
  }
  return name.substr(0, 60);
}

std::int64_t size_of(const fs::path& path) {
  std::error_code error;
  const auto size = fs::file_size(path, error);
  return error ? 0 : static_cast<std::int64_t>(size);
}

bool is_there(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(path, ignored);
}

// Its session was heard to the end. The mode says so: one step that is done or not, seen by everyone.
bool is_whole(const fs::path& path) {
  std::error_code error;
  const auto status = fs::status(path, error);
  return !error && fs::is_regular_file(status) &&
         (status.permissions() & fs::perms::owner_write) == fs::perms::none;
}

}  // namespace

std::string session_stem(std::string_view session_info) {
  simdjson::dom::parser parser;
  simdjson::dom::element payload;
  if (parser.parse(session_info.data(), session_info.size()).get(payload) != simdjson::SUCCESS) return {};
  JsonTree info;
  if (!info.merge(payload)) return {};
  const auto key = info["Key"].integer().value_or(0);
  const auto name = info["Name"].filled_text();
  const auto start = info["StartDate"].filled_text();
  if (key <= 0 && (!name || !start)) return {};
  std::string stem = start ? file_name_of(start->substr(0, 10)) + "_" : std::string();
  if (key > 0) stem += fmt::format("{}_", key);
  return stem + file_name_of(name.value_or("session"));
}

LiveRecorder::~LiveRecorder() {
  // Whoever goes on with the session appends to the file: it stays as it is.
  if (file_ < 0) return;
  sync();
  ::close(file_);
}

void LiveRecorder::connect() {
  if (is_in_message_) pending_ += signalrcore_message_end;  // the connection was cut inside a message
  is_in_message_ = false;
  is_waiting_ = true;
  was_over_ = false;
}

void LiveRecorder::take(UtcTime at, std::string_view frame, const LiveProtocol::Seen& seen, bool is_settled,
                        std::string& appended, std::optional<Begin>& begin) {
  begin.reset();
  if (!is_in_message_) pending_ += fmt::format("t {}\n", format_utc(at));
  pending_.append(frame);
  is_in_message_ = !frame.ends_with(signalrcore_message_end);
  if (!is_in_message_) pending_ += '\n';
  if (seen.session_info) pending_info_ = seen.session_info;
  was_over_ = was_over_ || seen.was_over;
  const bool may_write = !is_waiting_ || is_settled || pending_.size() > pending_bytes_max;
  if (!may_write) {
    appended.clear();
    return;
  }
  is_waiting_ = false;
  if (pending_info_) begin = begin_session(*std::exchange(pending_info_, {}));
  if (!has_file_) begin = begin_session({});
  appended = std::exchange(pending_, {});
  if (begin && begin->is_whole) appended.clear();
  write(appended);
}

std::optional<LiveRecorder::Begin> LiveRecorder::begin_session(const std::string& session_info) {
  const std::string stem = session_info.empty() ? std::string(unnamed) : session_stem(session_info);
  if (stem.empty() || (has_file_ && stem == session_)) return std::nullopt;
  if (has_file_ && session_ == unnamed && rename_to(stem)) return std::nullopt;
  close();
  session_ = stem;
  has_file_ = true;
  Begin begin;
  if (!options_.folder.empty() && !error_) open(stem, begin);
  return begin;
}

// The name has become known: false if there is a file of that name to go on with.
bool LiveRecorder::rename_to(const std::string& stem) {
  if (file_ >= 0) {
    const fs::path target = options_.folder / (stem + std::string(suffix));
    if (is_there(target) || is_there(target.string() + ".gz")) return false;
    std::error_code error;
    fs::rename(path_, target, error);
    if (error) return false;
    path_ = target;
  }
  session_ = stem;
  return true;
}

// A run that was killed before it knew the session's name recorded the beginning of it.
void LiveRecorder::adopt_unnamed(const std::string& stem) const {
  const fs::path without_name = options_.folder / (std::string(unnamed) + std::string(suffix));
  const fs::path target = options_.folder / (stem + std::string(suffix));
  std::error_code error;
  const auto written = fs::last_write_time(without_name, error);
  if (error || is_whole(without_name) || stem == unnamed) return;
  if (is_there(target) || is_there(target.string() + ".gz")) return;
  if (fs::file_time_type::clock::now() - written < unnamed_age_max) fs::rename(without_name, target, error);
}

// The first of the session's names that may be written to, or gone on with.
fs::path LiveRecorder::free_path(const std::string& stem) const {
  fs::path path;
  for (int i = 1; i < same_names_max; ++i) {
    const std::string name = i == 1 ? stem : fmt::format("{}-{}", stem, i);
    path = options_.folder / (name + std::string(suffix));
    if (is_there(path.string() + ".gz")) {
      std::error_code ignored;
      if (is_whole(path)) fs::remove(path, ignored);  // a run was killed between packing it and this
      continue;
    }
    // Of a session that was over and goes on, what comes now is another recording.
    if (was_over_ || !is_whole(path)) break;
  }
  return path;
}

void LiveRecorder::open(const std::string& stem, Begin& begin) {
  std::error_code error;
  fs::create_directories(options_.folder, error);
  adopt_unnamed(stem);
  path_ = free_path(stem);
  begin = {path_, size_of(path_), is_whole(path_)};
  is_unpacked_ = begin.is_whole;
  if (begin.is_whole) return;
  file_ = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (file_ < 0) {
    begin = {};
    return fail_with("cannot be opened", errno);
  }
  // A run that lost its power may have left half a message.
  if (begin.bytes_there > 0) {
    const std::string end_of_message = {signalrcore_message_end, '\n'};
    write(end_of_message);
    begin.bytes_there = size_of(path_);
  }
}

void LiveRecorder::write(std::string_view bytes) {
  if (file_ < 0) return;
  while (!bytes.empty()) {
    const auto count = ::write(file_, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return fail_with("cannot be written to", errno);
    bytes.remove_prefix(static_cast<std::size_t>(count));
    bytes_written_ += count;
  }
  if (std::chrono::steady_clock::now() - synced_ >= options_.sync_interval) sync();
}

void LiveRecorder::sync() {
  synced_ = std::chrono::steady_clock::now();
  if (::fdatasync(file_) != 0) fail_with("cannot be forced to the disk", errno);
}

void LiveRecorder::fail_with(std::string_view what, int code) {
  error_ = Error{Errc::unavailable, fmt::format("{}: {}: {}; recording has stopped, the session goes on",
                                                path_.string(), what, std::generic_category().message(code))};
  if (file_ >= 0) ::close(std::exchange(file_, -1));
}

void LiveRecorder::finish() {
  has_file_ = false;
  session_.clear();
  if (file_ < 0) return;
  sync();
  if (file_ < 0) return;
  // Where a file system knows no modes, a run that is started again appends its snapshot.
  static_cast<void>(::fchmod(file_, S_IRUSR | S_IRGRP | S_IROTH));
  ::close(std::exchange(file_, -1));
  is_unpacked_ = true;
}

void LiveRecorder::pack() {
  if (!std::exchange(is_unpacked_, false) || !options_.compresses) return;
  if (const auto packed = compress_file(path_); !packed) error_ = packed.error();
}

void LiveRecorder::close() {
  finish();
  pack();
}

bool has_open_recording(const fs::path& folder, const std::string& session_stem) {
  if (folder.empty() || session_stem.empty()) return false;
  std::error_code error;
  for (int i = 1; i < same_names_max; ++i) {
    const std::string name = i == 1 ? session_stem : fmt::format("{}-{}", session_stem, i);
    const fs::path path = folder / (name + std::string(suffix));
    if (!fs::exists(path.string() + ".gz", error)) return fs::exists(path, error);
  }
  return false;
}

Result<void> compress_file(const fs::path& path) {
  const std::string target = path.string() + ".gz", part = target + ".part";
  const std::unique_ptr<std::FILE, decltype(&std::fclose)> in(std::fopen(path.c_str(), "rb"), std::fclose);
  const gzFile out = gzopen(part.c_str(), "wb6");
  bool is_whole = in != nullptr && out != nullptr;
  std::vector<char> block(copy_bytes);
  while (is_whole) {
    const auto count = std::fread(block.data(), 1, block.size(), in.get());
    if (count == 0) break;
    is_whole = gzwrite(out, block.data(), static_cast<unsigned>(count)) == static_cast<int>(count);
  }
  is_whole = is_whole && std::ferror(in.get()) == 0;
  if (out != nullptr) is_whole = gzclose(out) == Z_OK && is_whole;
  // The only copy soon.
  const int packed = ::open(part.c_str(), O_RDONLY | O_CLOEXEC);
  is_whole = is_whole && packed >= 0 && ::fsync(packed) == 0;
  if (packed >= 0) ::close(packed);
  std::error_code error;
  if (is_whole) fs::rename(part, target, error);
  if (!is_whole || error) {
    std::error_code ignored;
    fs::remove(part, ignored);
    return fail(Errc::unavailable, fmt::format("{}: cannot be packed; the plain file stays", path.string()));
  }
  fs::remove(path, error);
  return {};
}

}  // namespace slipstream::feed
