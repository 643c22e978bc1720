#include "cli/load_notes.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <simdjson.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <optional>
#include <utility>

#include "core/json_writer.h"

namespace slipstream::cli {
namespace {

namespace fs = std::filesystem;
using Json = simdjson::dom::element;

Error file_error(const std::string& path, int number) {
  return {Errc::unavailable, fmt::format("{}: {}", path, std::generic_category().message(number))};
}

std::string text_of(const Note& note) {
  std::string text;
  JsonWriter json(text);
  json.begin_object().field("id", note.id).field("format", note.format);
  json.field("broken_count", note.broken_count).field("first_reason", note.first_reason);
  json.key("sessions").begin_array();
  for (const NotedSession& session : note.sessions) {
    json.begin_object().field("session_key", session.session_key.value).field("build", session.build);
    json.field("is_kept", session.is_kept).field("row_count", session.row_count);
    json.key("files").begin_array();
    for (const NotedFile& file : session.files) {
      json.begin_object().field("path", file.path).field("size", file.size).end_object();
    }
    json.end_array().end_object();
  }
  json.end_array().end_object();
  return text + '\n';
}

bool read(const Json& json, const char* name, std::string& out) {
  std::string_view text;
  if (json.at_key(name).get(text) != simdjson::SUCCESS) return false;
  out = text;
  return true;
}
bool read(const Json& json, const char* name, std::int64_t& out) {
  return json.at_key(name).get(out) == simdjson::SUCCESS;
}

bool read_session(const Json& json, NotedSession& session) {
  simdjson::dom::array files;
  bool is_whole = read(json, "session_key", session.session_key.value) &&
                  read(json, "build", session.build) && read(json, "row_count", session.row_count) &&
                  json.at_key("is_kept").get(session.is_kept) == simdjson::SUCCESS &&
                  json.at_key("files").get(files) == simdjson::SUCCESS;
  if (!is_whole) return false;
  for (const Json file : files) {
    NotedFile& noted = session.files.emplace_back();
    is_whole = is_whole && read(file, "path", noted.path) && read(file, "size", noted.size);
  }
  return is_whole;
}

std::optional<Note> note_of(const std::string& line) {
  simdjson::dom::parser parser;
  Json json;
  simdjson::dom::array sessions;
  Note note;
  if (parser.parse(line).get(json) != simdjson::SUCCESS || !read(json, "id", note.id) ||
      !read(json, "format", note.format) || !read(json, "broken_count", note.broken_count) ||
      !read(json, "first_reason", note.first_reason) ||
      json.at_key("sessions").get(sessions) != simdjson::SUCCESS) {
    return std::nullopt;
  }
  for (const Json session : sessions) {
    if (!read_session(session, note.sessions.emplace_back())) return std::nullopt;
  }
  return note;
}

Result<void> append(const std::string& path, std::string_view text) {
  const int file = ::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
  if (file < 0) return tl::make_unexpected(file_error(path, errno));
  int number = 0;
  while (!text.empty() && number == 0) {
    const auto written = ::write(file, text.data(), text.size());
    if (written < 0) number = errno;
    else text.remove_prefix(static_cast<std::size_t>(written));
  }
  if (number == 0 && ::fdatasync(file) != 0) number = errno;
  ::close(file);
  if (number != 0) return tl::make_unexpected(file_error(path, number));
  return {};
}

}  // namespace

LoadNotes::LoadNotes(std::string folder, int lock)
    : folder_(std::move(folder)),
      file_(folder_ + "/.slipstream/notes.jsonl"),
      scratch_(folder_ + "/.slipstream/partial"),
      lock_(lock) {}

LoadNotes::LoadNotes(LoadNotes&& other) noexcept
    : folder_(std::move(other.folder_)),
      file_(std::move(other.file_)),
      scratch_(std::move(other.scratch_)),
      lock_(std::exchange(other.lock_, -1)),
      notes_(std::move(other.notes_)),
      owner_ids_(std::move(other.owner_ids_)) {}

LoadNotes::~LoadNotes() {
  if (lock_ < 0) return;
  std::error_code ignored;
  fs::remove_all(scratch_, ignored);
  ::close(lock_);
}

Result<LoadNotes> LoadNotes::open(const std::string& folder) {
  std::error_code error;
  fs::create_directories(fs::path(folder) / ".slipstream", error);
  if (error) return tl::make_unexpected(file_error(folder, error.value()));
  const std::string path = folder + "/.slipstream/lock";
  const int lock = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (lock < 0) return tl::make_unexpected(file_error(path, errno));
  LoadNotes notes(folder, lock);
  if (::flock(lock, LOCK_EX | LOCK_NB) != 0) {
    ::close(std::exchange(notes.lock_, -1));
    return fail(Errc::unavailable, folder + ": another load is writing there; wait for its end");
  }
  fs::remove_all(notes.scratch_, error);  // what a load that was killed left
  SLIP_TRY(notes.read());
  return notes;
}

Result<void> LoadNotes::read() {
  std::string line;
  bool is_cut = false;
  std::ifstream file(file_);
  while (std::getline(file, line)) {
    is_cut = file.eof();
    if (auto note = is_cut ? std::nullopt : note_of(line)) take(std::move(*note));
  }
  // The next line must not go on where this one was cut.
  return is_cut ? append(file_, "\n") : Result<void>();
}

void LoadNotes::take(Note note) {
  for (const NotedSession& session : note.sessions) {
    if (session.is_kept) owner_ids_.insert_or_assign({note.format, session.session_key}, note.id);
  }
  std::string id = note.id;
  notes_.insert_or_assign(std::move(id), std::move(note));
}

const Note* LoadNotes::find(const std::string& id) const {
  const auto found = notes_.find(id);
  return found == notes_.end() ? nullptr : &found->second;
}

const std::string* LoadNotes::owner_of(const std::string& format, SessionKey session_key) const {
  const auto found = owner_ids_.find({format, session_key});
  return found == owner_ids_.end() ? nullptr : &found->second;
}

const NotedSession* LoadNotes::kept(const std::string& format, SessionKey session_key) const {
  const std::string* const id = owner_of(format, session_key);
  if (id == nullptr) return nullptr;
  const auto& sessions = notes_.at(*id).sessions;
  const auto found = std::ranges::find(sessions, session_key, &NotedSession::session_key);
  return found == sessions.end() || !found->is_kept ? nullptr : &*found;
}

bool LoadNotes::has_files(const NotedSession& session) const {
  return std::ranges::all_of(session.files, [this](const NotedFile& file) {
    std::error_code error;
    const auto size = fs::file_size(fs::path(folder_) / file.path, error);
    return !error && static_cast<std::int64_t>(size) == file.size;
  });
}

Result<void> LoadNotes::add(Note note) {
  SLIP_TRY(append(file_, text_of(note)));
  take(std::move(note));
  return {};
}

}  // namespace slipstream::cli
