// The raw recording of a live session: every frame as it came, with the time of its receipt in front, one
// file a session.
//
//   t 2026-03-29T06:46:37.912Z
//   {"type":1,"target":"feed","arguments":["TimingData",{...},"2026-03-29T06:46:37.909Z"]}<1E>
//
// load and replay read it (format signalrcore); the receipt is for people. A file that is there already, of a
// session that goes on, is appended to. One whose session has ended is read-only, and becomes .gz once its
// run needs it no more: a run that is killed in between and started again goes on with it as it is. A disk
// that is full stops the recording, not the program: is_failed() then, and what comes is dropped. Thread
// rule: one thread at a time.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "core/result.h"
#include "core/time.h"
#include "feed/live_protocol.h"

namespace slipstream::feed {

struct RecorderOptions {
  std::filesystem::path folder;  // made if missing; empty: nothing is written
  // How much of what was received may be lost with the machine's power; what the program has received is safe
  // from its own end at once. Zero: each frame is forced to the disk.
  std::chrono::milliseconds sync_interval = std::chrono::seconds(1);
  bool compresses = true;
};

class LiveRecorder {
 public:
  // Where a session begins, or is gone on with.
  struct Begin {
    std::filesystem::path path;    // empty: not recorded
    std::int64_t bytes_there = 0;  // that an earlier run left in it
    // An earlier run heard the session to its end: nothing is appended.
    bool is_whole = false;
  };

  explicit LiveRecorder(RecorderOptions options) : options_(std::move(options)) {}
  ~LiveRecorder();
  LiveRecorder(const LiveRecorder&) = delete;
  LiveRecorder& operator=(const LiveRecorder&) = delete;

  // A connection begins: frames wait until its snapshot says whose session it is.
  void connect();
  // Takes a frame and what was seen in it; `is_settled`: the connection's snapshot has come, so that nothing
  // needs to wait any more. `appended` gets the bytes for the file that runs, `begin` is set if a new one
  // does with them.
  void take(UtcTime at, std::string_view frame, const LiveProtocol::Seen& seen, bool is_settled,
            std::string& appended, std::optional<Begin>& begin);
  // The session has ended: closes the file, which is whole from now on.
  void finish();
  // Packs the file that finish() closed, when nobody needs to find it again. Errors: error().
  void pack();
  // finish() and pack().
  void close();

  bool is_failed() const { return error_.has_value(); }
  // Why recording has stopped, with the file's name.
  const std::optional<Error>& error() const { return error_; }
  const std::filesystem::path& path() const { return path_; }
  std::int64_t bytes_written() const { return bytes_written_; }

 private:
  std::optional<Begin> begin_session(const std::string& session_info);
  bool rename_to(const std::string& stem);
  void adopt_unnamed(const std::string& stem) const;
  std::filesystem::path free_path(const std::string& stem) const;
  void open(const std::string& stem, Begin& begin);
  void write(std::string_view bytes);
  void sync();
  void fail_with(std::string_view what, int code);

  const RecorderOptions options_;
  std::string session_;  // identity of the session whose file is open
  bool has_file_ = false;
  bool is_waiting_ = false;
  bool was_over_ = false;       // the session of the connection's snapshot
  bool is_unpacked_ = false;    // path_, which is whole
  bool is_in_message_ = false;  // the last frame ended without 0x1E
  std::string pending_;
  std::optional<std::string> pending_info_;
  std::filesystem::path path_;
  int file_ = -1;
  std::int64_t bytes_written_ = 0;
  std::chrono::steady_clock::time_point synced_{};
  std::optional<Error> error_;
};

// Whether `folder` has a recording of that session that was not closed.
bool has_open_recording(const std::filesystem::path& folder, const std::string& session_stem);

// Packs `path` into `path`.gz and removes it. Errors: unavailable; the plain file stays then.
Result<void> compress_file(const std::filesystem::path& path);

// "2025-10-25_9873_Qualifying" of a SessionInfo; empty if it names no session (a change of its status).
std::string session_stem(std::string_view session_info);

}  // namespace slipstream::feed
