#include "feed/live_source.h"

#include <simdjson.h>
#include <algorithm>
#include <utility>

#include "core/limits.h"

namespace slipstream::feed {
namespace {

constexpr std::size_t read_bytes = 256u << 10;

std::string path_in(const std::string& session_info) {
  simdjson::dom::parser parser;
  std::string_view path;
  if (session_info.empty() || parser.parse(session_info)["Path"].get(path) != simdjson::SUCCESS) return {};
  return std::string(path);
}

}  // namespace

LiveSource::LiveSource(LiveSourceOptions options)
    : options_(std::move(options)),
      info_{.name = "live", .format = "signalrcore", .kind = SourceKind::live, .bytes_total = 0},
      queue_(limits::queue_messages_max),
      recorder_(options_.recorder),
      client_(options_.client, {[this](const LiveClient::Frame& frame) { return take(frame); },
                                options_.on_note, [this] { return has_session_; }}),
      has_session_(!options_.waits_for_session),
      decoder_(std::make_unique<LiveDecoder>()) {
  thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

LiveSource::~LiveSource() { stop(); }

void LiveSource::stop() {
  thread_.request_stop();
  queue_.close();
}

Result<void> LiveSource::pack_recording() {
  if (thread_.joinable()) thread_.join();
  recorder_.pack();
  if (recorder_.is_failed()) return tl::make_unexpected(*recorder_.error());
  return {};
}

LiveStatus LiveSource::status() const {
  return {client_.counts(), recorded_bytes_, has_recording_failed_, client_.is_connected()};
}

void LiveSource::run(const std::stop_token& stop) {
  end_ = client_.run(stop);
  // A session that was left is gone on with later; its file stays open to that.
  if (end_ && !stop.stop_requested()) {
    recorder_.finish();
    say_over();
  }
  queue_.close();
}

void LiveSource::say_over() {
  if (!path_.empty() && options_.on_over) options_.on_over(path_);
}

void LiveSource::note_path(const std::string& session_info) {
  const std::string path = path_in(session_info);
  if (path.empty() || path == path_) return;
  // The session before has given way to this one on the same socket.
  if (has_session_) say_over();
  path_ = path;
}

// While there is no session: a connection's frames wait for its snapshot, and what is of a session that is
// over goes.
bool LiveSource::take(const LiveClient::Frame& frame) {
  const std::string info = frame.seen.session_info.value_or("");
  note_path(info);
  if (has_session_) return record(frame);
  if (frame.is_first) undecided_.clear();
  undecided_.push_back(frame);
  if (const std::string stem = session_stem(info); !stem.empty()) stem_ = stem;
  if (!frame.is_settled) return true;
  const bool is_over = frame.seen.was_over && !has_open_recording(options_.recorder.folder, stem_);
  if (is_over && left_stem_ != stem_) {
    left_stem_ = stem_;
    say_over();
  }
  has_session_ = left_stem_.empty() || left_stem_ != stem_;
  bool goes_on = true;
  for (const LiveClient::Frame& waiting : std::exchange(undecided_, {})) {
    if (has_session_) goes_on = record(waiting) && goes_on;
  }
  return goes_on;
}

bool LiveSource::record(const LiveClient::Frame& frame) {
  if (frame.is_first) recorder_.connect();
  Chunk chunk;
  recorder_.take(frame.at, frame.text, frame.seen, frame.is_settled, chunk.bytes, chunk.begin);
  recorded_bytes_ = recorder_.bytes_written();
  if (chunk.begin && !chunk.begin->path.empty() && options_.on_note) {
    options_.on_note("recording " + chunk.begin->path.string());
  }
  if (recorder_.is_failed() && !has_recording_failed_.exchange(true) && options_.on_note) {
    options_.on_note(recorder_.error()->message);
  }
  // The session that an earlier run began to record has ended while nobody listened.
  const bool is_over = frame.seen.was_over && chunk.begin && chunk.begin->bytes_there > 0;
  const bool is_empty = chunk.bytes.empty() && !chunk.begin;
  return (is_empty || queue_.push(std::move(chunk))) && !is_over;
}

Result<void> LiveSource::take(Chunk chunk) {
  bytes_ += static_cast<std::int64_t>(chunk.bytes.size());
  if (!chunk.begin) {
    decoder_->push(chunk.bytes);
    return {};
  }
  decoder_->end();
  next_decoder_ = std::make_unique<LiveDecoder>();
  pending_ = std::move(chunk.bytes);
  earlier_left_ = chunk.begin->bytes_there;
  if (earlier_left_ == 0) return {};
  auto file = ByteReader::open(chunk.begin->path.string());
  if (!file) return tl::make_unexpected(file.error());
  earlier_.emplace(std::move(*file));
  return {};
}

// The next block of what an earlier run recorded of the session.
Result<void> LiveSource::read_earlier() {
  std::string block(std::min(read_bytes, static_cast<std::size_t>(earlier_left_)), '\0');
  const auto count = earlier_->read(block.data(), block.size());
  if (!count) return tl::make_unexpected(count.error());
  decoder_->push(std::string_view(block).substr(0, *count));
  earlier_left_ -= static_cast<std::int64_t>(*count);
  if (*count == 0 || earlier_left_ == 0) earlier_.reset();
  return {};
}

bool LiveSource::is_waiting() const {
  return !earlier_ && pending_.empty() && !is_at_end_ && queue_.size() == 0;
}

Result<bool> LiveSource::next(SourceItem& item) {
  while (true) {
    if (decoder_->take(item)) return true;
    if (next_decoder_) decoder_ = std::move(next_decoder_);
    if (earlier_) {
      SLIP_TRY(read_earlier());
      continue;
    }
    if (!pending_.empty()) {
      decoder_->push(std::exchange(pending_, {}));
      continue;
    }
    if (is_at_end_) {
      if (!end_) return tl::make_unexpected(end_.error());
      return false;
    }
    auto chunk = queue_.pop();
    if (!chunk) {
      is_at_end_ = true;
      if (thread_.joinable()) thread_.join();
      decoder_->end();
      continue;
    }
    SLIP_TRY(take(std::move(*chunk)));
  }
}

}  // namespace slipstream::feed
