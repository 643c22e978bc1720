#include "cli/season.h"

#include <fmt/core.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "cli/load_notes.h"
#include "cli/progress.h"
#include "cli/report.h"
#include "feed/source_digest.h"
#include "session/engine.h"

namespace slipstream::cli {
namespace {

namespace fs = std::filesystem;

// Calls `work` with 0 .. count - 1, `jobs` at a time.
void side_by_side(std::size_t count, std::size_t jobs, const std::function<void(std::size_t)>& work) {
  std::atomic<std::size_t> next = 0;
  const auto run = [&] {
    for (std::size_t at = next++; at < count; at = next++) work(at);
  };
  std::vector<std::jthread> threads;
  for (std::size_t job = 1; job < std::min(jobs, count); ++job) threads.emplace_back(run);
  run();
}

struct Item {
  std::string path;
  std::string id;  // empty: its bytes cannot be read
  std::int64_t bytes = 0;
  bool is_done = false;  // by an earlier run
};

// Which source's rows a session's files have.
struct Owner {
  std::string build;
  std::size_t item = 0;
  bool beats(const Owner& other) const {
    return build != other.build ? build > other.build : item < other.item;
  }
};

class Season {
 public:
  Season(const std::vector<std::string>& sources, const SeasonPlan& plan, LoadNotes notes)
      : plan_(plan), format_(to_string(plan.files.format)), notes_(std::move(notes)), progress_("load") {
    for (const std::string& source : sources) items_.push_back({.path = source, .id = {}});
    began_ = std::chrono::steady_clock::now();
  }

  int run() {
    side_by_side(items_.size(), plan_.jobs, [this](std::size_t at) { identify(items_[at]); });
    find_done();
    for (const Item& item : items_) bytes_total_ += item.is_done ? 0 : item.bytes;
    side_by_side(items_.size(), plan_.jobs, [this](std::size_t at) {
      if (!items_[at].is_done && !items_[at].id.empty()) load(at);
    });
    return finish();
  }

 private:
  // Gives the item its id: all that its files depend on.
  void identify(Item& item);
  // What earlier runs have done: of each session the source that is to be kept is there, and its files are.
  void find_done();
  bool is_done(std::size_t at) const;
  void load(std::size_t at);
  // The files of `scratch` get their names, but for those of sessions of which another source is better.
  Result<void> keep(std::size_t at, const LoadedFiles& loaded, const std::string& scratch);
  Result<NotedSession> keep_session(const LoadedSession& session, const LoadedFiles& loaded,
                                    const std::string& scratch);
  void fail_item(const std::string& message);
  void note_broken(const std::string& path, std::int64_t count, const std::string& reason);
  void lose(std::size_t loser, std::size_t winner, SessionKey session_key);
  void show(std::size_t at, std::int64_t bytes_read);
  int finish();

  const SeasonPlan& plan_;
  const std::string format_;
  LoadNotes notes_;
  std::vector<Item> items_;
  std::chrono::steady_clock::time_point began_;
  std::int64_t bytes_total_ = 0;

  std::mutex mutex_;  // of what follows, and of notes_
  Progress progress_;
  std::map<std::size_t, std::int64_t> bytes_read_;  // by item
  std::map<SessionKey, Owner> owners_;
  std::int64_t done_count_ = 0, there_count_ = 0, failed_count_ = 0, lost_count_ = 0;
  std::int64_t row_count_ = 0;
  std::string first_lost_;
};

void Season::identify(Item& item) {
  feed::Digest digest;
  const auto bytes = feed::digest_source(item.path, digest);
  if (!bytes) return fail_item(bytes.error().message);
  if (!plan_.circuit.empty()) {
    if (const auto of_circuit = feed::digest_source(plan_.circuit, digest); !of_circuit)
      return fail_item(of_circuit.error().message);
  }
  digest.add(fmt::format("{} {} {}", SLIPSTREAM_VERSION, session::engine_version, format_));
  digest.add(plan_.files.wanted ? std::to_string(plan_.files.wanted->value) : "all");
  std::vector<std::string> tables = plan_.files.tables;
  std::ranges::sort(tables);
  for (const std::string& table : tables) digest.add(table);
  item.bytes = *bytes;
  item.id = std::move(digest).hex();
}

void Season::find_done() {
  for (std::size_t at = 0; at < items_.size(); ++at) {
    const Note* const note = notes_.find(items_[at].id);
    if (note == nullptr) continue;
    for (const NotedSession& session : note->sessions) {
      const std::string* const owner = notes_.owner_of(format_, session.session_key);
      if (session.is_kept && *owner == items_[at].id && notes_.has_files(session)) {
        owners_.try_emplace(session.session_key, Owner{session.build, at});
      }
    }
  }
  for (std::size_t at = 0; at < items_.size(); ++at) items_[at].is_done = is_done(at);
  // The rows of a source that is read again do not count as there.
  std::erase_if(owners_, [this](const auto& entry) { return !items_[entry.second.item].is_done; });
  for (std::size_t at = 0; at < items_.size(); ++at) {
    if (!items_[at].is_done) continue;
    ++there_count_;
    const Note& note = *notes_.find(items_[at].id);
    note_broken(items_[at].path, note.broken_count, note.first_reason);
    for (const NotedSession& session : note.sessions) {
      const auto owner = owners_.find(session.session_key);
      if (owner == owners_.end()) continue;
      if (owner->second.item == at) row_count_ += session.row_count;
      else lose(at, owner->second.item, session.session_key);
    }
  }
}

bool Season::is_done(std::size_t at) const {
  const Note* const note = notes_.find(items_[at].id);
  return note != nullptr && std::ranges::all_of(note->sessions, [&](const NotedSession& session) {
           const auto owner = owners_.find(session.session_key);
           return owner != owners_.end() &&
                  (owner->second.item == at || owner->second.beats({session.build, at}));
         });
}

void Season::load(std::size_t at) {
  const Item& item = items_[at];
  const std::string scratch = fmt::format("{}/{}", notes_.scratch_folder(), at);
  const auto loaded =
      load_files(item.path, plan_.files, scratch,
                 [&](const feed::Source& source, SessionTime) { show(at, source.bytes_read()); });
  if (!loaded) fail_item(loaded.error().message);
  else if (const auto kept = keep(at, *loaded, scratch); !kept) fail_item(kept.error().message);
  std::error_code ignored;
  fs::remove_all(scratch, ignored);
  show(at, item.bytes);
}

Result<NotedSession> Season::keep_session(const LoadedSession& session, const LoadedFiles& loaded,
                                          const std::string& scratch) {
  NotedSession noted{session.session_key, session.build};
  for (const auto& file : loaded.files) {
    if (file.session_key != session.session_key) continue;
    const std::string path = fs::path(file.path).lexically_relative(scratch).string();
    const fs::path final = fs::path(plan_.folder) / path;
    std::error_code error;
    fs::create_directories(final.parent_path(), error);
    if (!error) fs::rename(file.path, final, error);
    if (error) {
      return fail(Errc::unavailable, fmt::format("{}: {}", final.string(), error.message()));
    }
    noted.files.push_back({path, static_cast<std::int64_t>(fs::file_size(final, error))});
    noted.row_count += file.row_count;
  }
  // A source that tells another date has put the session into another folder.
  const NotedSession* const before = notes_.kept(format_, session.session_key);
  for (const NotedFile& old : before ? before->files : std::vector<NotedFile>()) {
    const auto table_in = [](const NotedFile& file) { return *fs::path(file.path).begin(); };
    const bool is_moved = std::ranges::any_of(noted.files, [&](const NotedFile& file) {
      return table_in(file) == table_in(old) && file.path != old.path;
    });
    std::error_code ignored;
    if (is_moved) fs::remove(fs::path(plan_.folder) / old.path, ignored);
  }
  return noted;
}

Result<void> Season::keep(std::size_t at, const LoadedFiles& loaded, const std::string& scratch) {
  const std::scoped_lock lock(mutex_);
  Note note{.id = items_[at].id, .format = format_, .sessions = {}};
  bool is_copy = false;  // of a source whose note stands for both
  for (const LoadedSession& session : loaded.sessions) {
    const Owner mine{session.build, at};
    const auto owner = owners_.find(session.session_key);
    if (owner != owners_.end() && owner->second.beats(mine)) {
      is_copy = is_copy || items_[owner->second.item].id == items_[at].id;
      lose(at, owner->second.item, session.session_key);
      note.sessions.push_back({session.session_key, session.build, false});
      continue;
    }
    auto noted = keep_session(session, loaded, scratch);
    if (!noted) return tl::make_unexpected(noted.error());
    if (owner != owners_.end()) {
      lose(owner->second.item, at, session.session_key);
      const NotedSession* const before = notes_.kept(format_, session.session_key);
      row_count_ -= before ? before->row_count : 0;
    }
    row_count_ += noted->row_count;
    note.sessions.push_back(std::move(*noted));
    owners_.insert_or_assign(session.session_key, mine);
  }
  note.broken_count = loaded.broken_count;
  note.first_reason = loaded.first_reason;
  note_broken(items_[at].path, note.broken_count, note.first_reason);
  ++done_count_;
  return is_copy ? Result<void>() : notes_.add(std::move(note));
}

void Season::fail_item(const std::string& message) {
  const std::scoped_lock lock(mutex_);
  ++failed_count_;
  progress_.clear();
  report_failure({Errc::malformed, message});
}

void Season::note_broken(const std::string& path, std::int64_t count, const std::string& reason) {
  if (count == 0) return;
  progress_.clear();
  report_warning(
      fmt::format("{}: {} pieces could not be read, first: {}; see table rejected", path, count, reason));
}

void Season::lose(std::size_t loser, std::size_t winner, SessionKey session_key) {
  if (lost_count_++ > 0) return;
  first_lost_ = fmt::format("{} and {} both have session {}", items_[winner].path, items_[loser].path,
                            session_key.value);
}

void Season::show(std::size_t at, std::int64_t bytes_read) {
  const std::scoped_lock lock(mutex_);
  bytes_read_[at] = bytes_read;
  std::int64_t sum = 0;
  for (const auto& [item, bytes] : bytes_read_) sum += bytes;
  progress_.update(sum, bytes_total_,
                   fmt::format("{} of {} sources", there_count_ + done_count_, items_.size()));
}

int Season::finish() {
  progress_.clear();
  if (lost_count_ > 0) {
    report_warning(fmt::format("{}; the higher build is kept, of equal ones the first named ({} such)",
                               first_lost_, lost_count_));
  }
  if (owners_.empty() && failed_count_ == 0) {
    return report_failure({Errc::not_found, fmt::format("none of {} sources has session {}", items_.size(),
                                                        plan_.files.wanted ? plan_.files.wanted->value : 0)});
  }
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - began_;
  print(fmt::format(
      "{} sessions of {} sources, {} rows, in {:.1f} s into {}: {} read, {} there already, {} failed\n",
      owners_.size(), items_.size(), row_count_, elapsed.count(), plan_.folder, done_count_, there_count_,
      failed_count_));
  return failed_count_ > 0 ? exit_failed : exit_done;
}

}  // namespace

int load_season(const std::vector<std::string>& sources, const SeasonPlan& plan) {
  auto notes = LoadNotes::open(plan.folder);
  if (!notes) return report_failure(notes.error());
  return Season(sources, plan, std::move(*notes)).run();
}

}  // namespace slipstream::cli
