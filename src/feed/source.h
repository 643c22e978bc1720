// Where messages come from: archive folder or recording, opened by what is in it, read in one pass.
//
// Memory does not grow with the session: a source holds one chunk (or one line, if longer) of each open file.
// Order, which is the same on every run: an archive's files are merged by session time, within one time in
// the order of their names; a recording and each file of an archive keep the order that they have.
// session_time can therefore step back where F1's own stamps do (archive.h, timeline.h).
// Thread rule: one thread at a time.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/result.h"
#include "feed/message.h"

namespace slipstream::feed {

using SourceItem = std::variant<Message, BrokenInput>;

enum class SourceKind { recording, live, archive, simulated };
std::string_view to_string(SourceKind kind);

// What is known of a source before its first message.
struct SourceInfo {
  std::string name;    // as the user gave it, without the folders above: "2025-10-25_Qualifying"
  std::string format;  // "archive", "fastf1", "fastf1core", "signalr", ... as docs/feed.md lists them
  SourceKind kind = SourceKind::archive;
  std::int64_t bytes_total = 0;  // of the files as they lie on disk, for progress bars
};

struct SourceOptions {
  // Only these topics' messages, by the names of the feed ("CarData.z"); empty: all. Of an archive only their
  // files are read; in a recording the others are skipped undecoded. Times are those of the whole source.
  std::vector<std::string> topics;
};

class Source {
 public:
  virtual ~Source() = default;
  virtual const SourceInfo& info() const = 0;
  // The next message or broken piece; false at the end. Errors: unavailable, the file cannot be read further.
  // A cut .gz is no error: the source ends there with a BrokenInput that says so.
  // The item's buffers are reused: pass the same object again to avoid allocation.
  virtual Result<bool> next(SourceItem& item) = 0;
  // Bytes of the files read so far.
  virtual std::int64_t bytes_read() const = 0;
  // Whether next() would wait for somebody else (a live source): put out first what is held for company.
  virtual bool is_waiting() const { return false; }
};

// Opens `path`: a folder with <Topic>.jsonStream files (or an archive's root with one such folder below); a
// recording of any format in docs/feed.md, plain or .gz, recognised by its content, or a folder with one; or,
// where no file has that name, a session of the archive as SEASON/EVENT/SESSION (session_name.h). Errors:
// not_found, nothing there; malformed, nothing in it that slipstream can read. Messages name the path.
Result<std::unique_ptr<Source>> open_source(const std::string& path, const SourceOptions& options = {});

}  // namespace slipstream::feed
