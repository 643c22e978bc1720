// A live session as a Source: the connection and the recorder on a thread of their own, the decoder on the
// reader's.
//
// What is received is recorded first and decoded behind; a reader that falls behind holds up the connection
// (limits::queue_messages_max frames). A run that finds the recording of its session goes on with it: next()
// first gives what an earlier run recorded. A new session on the same socket begins a new recording, and its
// times begin anew. With `waits_for_session` a session that is over before it was seen is left alone, and
// what comes begins with the next one. Thread rule: next(), is_waiting() on one thread; the rest from any.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "core/bounded_queue.h"
#include "feed/byte_reader.h"
#include "feed/live_client.h"
#include "feed/live_decoder.h"
#include "feed/live_recorder.h"
#include "feed/source.h"

namespace slipstream::feed {

struct LiveSourceOptions {
  LiveClientOptions client;
  RecorderOptions recorder;
  bool waits_for_session = false;
  // Both on the connection's thread.
  std::function<void(const std::string&)> on_note = {};
  // A session is over, or was: SessionInfo's Path.
  std::function<void(const std::string& path)> on_over = {};
};

struct LiveStatus {
  LiveCounts counts;
  std::int64_t recorded_bytes = 0;
  bool has_recording_failed = false;
  bool is_connected = false;
};

class LiveSource final : public Source {
 public:
  // Starts to connect.
  explicit LiveSource(LiveSourceOptions options);
  ~LiveSource() override;

  const SourceInfo& info() const override { return info_; }
  // Waits for the next message; false when the session has ended or stop() came. Errors: those of
  // LiveClient::run.
  Result<bool> next(SourceItem& item) override;
  std::int64_t bytes_read() const override { return bytes_; }
  bool is_waiting() const override;

  void stop();
  // Behind the end of next(), when all has been done with the session: packs its recording. Until then a run
  // that is started again finds the recording, and gives it anew. Errors: those of the recording.
  Result<void> pack_recording();
  LiveStatus status() const;

 private:
  struct Chunk {
    std::optional<LiveRecorder::Begin> begin;  // a new file, in front of the bytes
    std::string bytes;
  };

  void run(const std::stop_token& stop);
  bool take(const LiveClient::Frame& frame);
  bool record(const LiveClient::Frame& frame);
  void note_path(const std::string& session_info);
  void say_over();
  Result<void> take(Chunk chunk);
  Result<void> read_earlier();

  const LiveSourceOptions options_;
  SourceInfo info_;
  BoundedQueue<Chunk> queue_;
  LiveRecorder recorder_;  // the connection's thread's
  LiveClient client_;
  std::atomic<std::int64_t> recorded_bytes_ = 0;
  std::atomic<bool> has_recording_failed_ = false;
  Result<void> end_;  // of the connection, once the queue is closed
  // The connection's thread's.
  bool has_session_;                          // false while `waits_for_session`
  std::vector<LiveClient::Frame> undecided_;  // until the snapshot tells whether its session is over
  std::string stem_, left_stem_;  // session_stem() of the session that is told of, and that was left
  std::string path_;              // its SessionInfo's Path

  std::unique_ptr<LiveDecoder> decoder_;  // the reader's, as is all below
  std::unique_ptr<LiveDecoder> next_decoder_;
  // What an earlier run left of the session, read before `pending_`.
  std::optional<ByteReader> earlier_;
  std::int64_t earlier_left_ = 0;
  std::string pending_;
  std::int64_t bytes_ = 0;
  bool is_at_end_ = false;
  std::jthread thread_;  // last: it ends before what it uses goes
};

}  // namespace slipstream::feed
