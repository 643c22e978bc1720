// Which sources a folder of files holds already, so that a load that was killed goes on where it was.
//
// FOLDER/.slipstream/notes.jsonl has a line for every source that was written to its end, in the order in
// which they were; of a line that a kill cut nothing counts. `id` says all that the files depend on: the
// bytes, the engine and the options. The last note that keeps a session says whose rows its files have.
// One process has the notes of a folder at a time. Thread rule: one thread at a time.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "core/ids.h"
#include "core/result.h"

namespace slipstream::cli {

struct NotedFile {
  std::string path;  // below the folder
  std::int64_t size = 0;
};

struct NotedSession {
  SessionKey session_key;
  std::string build;
  bool is_kept = true;  // false: another source of the session is the better one
  std::int64_t row_count = 0;
  std::vector<NotedFile> files = {};  // none unless it is kept
};

struct Note {
  std::string id;
  std::string format;
  std::vector<NotedSession> sessions = {};
  std::int64_t broken_count = 0;  // pieces that could not be read, and the first one's reason
  std::string first_reason = {};
};

class LoadNotes {
 public:
  // Reads the notes of `folder`, which is made if it is not there. Errors: unavailable, another process is
  // writing there, or the folder cannot be written.
  static Result<LoadNotes> open(const std::string& folder);
  LoadNotes(LoadNotes&& other) noexcept;
  LoadNotes& operator=(LoadNotes&&) = delete;
  ~LoadNotes();

  // Empty, for files that are not whole yet.
  const std::string& scratch_folder() const { return scratch_; }
  // nullptr: there is none.
  const Note* find(const std::string& id) const;
  // The id of the source whose rows the session's files have, and what was noted of it; nullptr: none.
  const std::string* owner_of(const std::string& format, SessionKey session_key) const;
  const NotedSession* kept(const std::string& format, SessionKey session_key) const;
  // Whether the session's files are there with the sizes that were noted.
  bool has_files(const NotedSession& session) const;
  // On the disk when it returns. Errors: unavailable.
  Result<void> add(Note note);

 private:
  LoadNotes(std::string folder, int lock);
  Result<void> read();
  void take(Note note);

  std::string folder_, file_, scratch_;
  int lock_;
  std::map<std::string, Note> notes_;                                    // by id, the last of each
  std::map<std::pair<std::string, SessionKey>, std::string> owner_ids_;  // by format and session
};

}  // namespace slipstream::cli
