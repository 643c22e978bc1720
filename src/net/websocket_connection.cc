#include "net/websocket_connection.h"

#include <algorithm>
#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <optional>

#include "core/limits.h"
#include "net/websocket_frame.h"

namespace slipstream::net {
namespace {

using boost::system::error_code;
using Clock = std::chrono::steady_clock;

class WebSocketConnection final : public WebSocketPeer,
                                  public Connection,
                                  public std::enable_shared_from_this<WebSocketConnection> {
 public:
  WebSocketConnection(std::shared_ptr<ServerCore> core, ServerCore::Ticket ticket, tcp::socket socket,
                      WebSocketStart start)
      : core_(std::move(core)),
        ticket_(std::move(ticket)),
        id_(ticket_->id()),
        socket_(std::move(socket)),
        timer_(socket_.get_executor()),
        start_(std::move(start)),
        is_deflate_on_(start_.is_deflate_on),
        reader_(is_deflate_on_, limits::websocket_message_bytes_max) {}

  // WebSocketPeer and Connection: any thread.
  std::uint64_t id() const override { return id_; }
  bool send(std::shared_ptr<const std::string> frame) override;
  std::size_t queued_frames() const override;
  void close() override { close_with(close_code::normal); }
  bool send_raw(std::string bytes) override;
  void hang_up() override;
  void begin_stop() override { close_with(close_code::going_away); }
  void abort() override;

  // The rest: on the strand.
  void open();

 private:
  struct Queued {
    std::shared_ptr<const std::string> bytes;
    bool is_raw = false;  // with its head, if it has one
  };
  struct Part {
    std::string head;  // of a frame: so short that the string allocates nothing
    std::shared_ptr<const std::string> payload;
  };

  bool queue(Queued queued);
  bool is_hanging_up() const;
  void close_with(std::uint16_t code);
  void start_write_soon();
  void start_write();
  bool write_at_once();
  bool take_written(error_code error, std::size_t bytes);
  bool take_output();
  void wait_for_bytes();
  void read_bytes();
  void take_bytes(std::string_view bytes);
  bool on_event(const FrameReader::Event& event);
  void wait_for_timer();
  void on_timer();
  void finish();

  const std::shared_ptr<ServerCore> core_;  // first, so that it goes last: the socket needs its io_context
  std::optional<ServerCore::Ticket> ticket_;
  const std::uint64_t id_;
  tcp::socket socket_;
  asio::steady_timer timer_;
  WebSocketStart start_;
  const bool is_deflate_on_;
  FrameReader reader_;
  Clock::time_point last_read_ = Clock::now();
  Clock::time_point last_written_ = Clock::now();
  std::optional<Clock::time_point> close_deadline_;
  bool is_close_received_ = false;
  bool is_finished_ = false;
  std::vector<Part> writing_;

  mutable std::mutex mutex_;  // for all below
  std::vector<Queued> queue_;
  std::size_t frames_writing_ = 0;
  std::optional<std::string> pong_;
  bool is_ping_due_ = false;
  std::string raw_;  // to be written as it is: first the 101 answer
  std::uint16_t close_code_ = 0;
  bool is_close_sent_ = false;
  bool must_hang_up_ = false;
  bool is_write_pending_ = false;
};

bool WebSocketConnection::send(std::shared_ptr<const std::string> frame) {
  return queue({std::move(frame), false});
}

bool WebSocketConnection::send_raw(std::string bytes) {
  return queue({std::make_shared<const std::string>(std::move(bytes)), true});
}

void WebSocketConnection::hang_up() {
  {
    const std::scoped_lock lock(mutex_);
    must_hang_up_ = true;
  }
  asio::post(socket_.get_executor(), [self = shared_from_this()] { self->start_write(); });
}

bool WebSocketConnection::queue(Queued queued) {
  {
    const std::scoped_lock lock(mutex_);
    if (close_code_ != 0 || must_hang_up_) return false;
    if (queue_.size() + frames_writing_ >= core_->options.queue_frames_max) {
      ++core_->counters.frames_dropped;
      return false;
    }
    queue_.push_back(std::move(queued));
    if (is_write_pending_) return true;
    is_write_pending_ = true;
  }
  start_write_soon();
  return true;
}

std::size_t WebSocketConnection::queued_frames() const {
  const std::scoped_lock lock(mutex_);
  return queue_.size() + frames_writing_;
}

void WebSocketConnection::abort() {
  asio::post(socket_.get_executor(), [self = shared_from_this()] { self->finish(); });
}

// Ends the connection with a close frame behind the frames that wait; the first code counts.
void WebSocketConnection::close_with(std::uint16_t code) {
  {
    const std::scoped_lock lock(mutex_);
    if (close_code_ != 0) return;
    close_code_ = code;
  }
  asio::post(socket_.get_executor(), [self = shared_from_this()] {
    if (self->is_finished_) return;
    self->close_deadline_ = Clock::now() + self->core_->options.timeouts.stop;
    self->wait_for_timer();
    self->start_write();
  });
}

void WebSocketConnection::open() {
  error_code ignored;
  socket_.set_option(tcp::no_delay(true), ignored);
  socket_.non_blocking(true, ignored);
  ticket_->assign(weak_from_this());
  ++core_->counters.websockets_open;
  raw_ = std::move(start_.answer);
  is_write_pending_ = true;
  start_write_soon();
  if (core_->handlers.on_open) core_->handlers.on_open(shared_from_this(), start_.request);
  if (core_->is_stopping) begin_stop();
  wait_for_timer();
  const auto left_over = std::exchange(start_, {}).left_over;
  take_bytes(left_over);
  wait_for_bytes();
}

// Through the strand's queue: send() is called on any thread, and several sends become one write.
void WebSocketConnection::start_write_soon() {
  asio::post(socket_.get_executor(), [self = shared_from_this()] {
    {
      const std::scoped_lock lock(self->mutex_);
      self->is_write_pending_ = false;
    }
    self->start_write();
  });
}

// Moves what waits to writing_. False if there is nothing, or a write is under way.
bool WebSocketConnection::take_output() {
  std::vector<Queued> frames;
  bool is_closing = false;
  {
    const std::scoped_lock lock(mutex_);
    if (is_write_pending_ || is_close_sent_) return false;
    if (pong_) raw_.append(frame_head(Opcode::pong, pong_->size(), false)).append(*std::exchange(pong_, {}));
    if (std::exchange(is_ping_due_, false)) raw_ += frame_head(Opcode::ping, 0, false);
    frames = std::exchange(queue_, {});
    frames_writing_ = frames.size();
    is_closing = is_close_sent_ = close_code_ != 0;
    is_write_pending_ = !frames.empty() || !raw_.empty() || is_closing;
    if (!is_write_pending_) return false;
    writing_.push_back({std::exchange(raw_, {}), nullptr});
  }
  // Not under the lock: deflating takes a while, and send() must not wait for it.
  for (auto& [frame, is_raw] : frames) {
    if (is_raw) {
      writing_.push_back({{}, std::move(frame)});
      continue;
    }
    auto deflated = is_deflate_on_ ? core_->deflater.deflate(frame) : nullptr;
    const bool is_deflated = deflated != nullptr;
    auto payload = is_deflated ? std::move(deflated) : std::move(frame);
    auto head = frame_head(Opcode::text, payload->size(), is_deflated);
    writing_.push_back({std::move(head), std::move(payload)});
  }
  if (is_closing) writing_.push_back({close_frame(close_code_), nullptr});
  return true;
}

// Whether the connection is to end, and all that was queued before is written.
bool WebSocketConnection::is_hanging_up() const {
  const std::scoped_lock lock(mutex_);
  return must_hang_up_ && !is_write_pending_;
}

void WebSocketConnection::start_write() {
  while (!is_finished_ && take_output()) {
    if (!write_at_once()) return;
  }
  if (!is_finished_ && is_hanging_up()) finish();
}

// Most frames fit into the socket: they cost one system call and no round through the queue of the
// io_context. False: the rest is written when there is room.
bool WebSocketConnection::write_at_once() {
  thread_local std::vector<asio::const_buffer> buffers;
  buffers.clear();
  for (const auto& part : writing_) {
    buffers.push_back(asio::buffer(part.head));
    if (part.payload) buffers.push_back(asio::buffer(*part.payload));
  }
  last_written_ = Clock::now();
  error_code error;
  const std::size_t written = socket_.write_some(buffers, error);
  if (error == asio::error::would_block) error = {};
  if (error || written == asio::buffer_size(buffers)) return take_written(error, written);
  std::vector<asio::const_buffer> rest;
  std::size_t passed = written;
  for (const asio::const_buffer& buffer : buffers) {
    const std::size_t part = std::min(passed, buffer.size());
    passed -= part;
    if (part < buffer.size()) rest.push_back(buffer + part);
  }
  asio::async_write(socket_, rest,
                    [self = shared_from_this(), written](error_code failure, std::size_t bytes) {
                      if (self->take_written(failure, written + bytes)) self->start_write();
                    });
  return false;
}

// True if there may be more to write.
bool WebSocketConnection::take_written(error_code error, std::size_t bytes) {
  bool is_close_sent = false;
  {
    const std::scoped_lock lock(mutex_);
    is_write_pending_ = false;
    core_->counters.frames_sent += frames_writing_;
    frames_writing_ = 0;
    is_close_sent = is_close_sent_;
  }
  writing_.clear();
  core_->counters.bytes_sent += bytes;
  if (!error && !is_close_sent) return true;
  if (error || is_close_received_) {
    finish();
    return false;
  }
  // The client answers, or it gets to the end of the stream; on_timer() waits no longer than for the
  // deadline.
  error_code ignored;
  if (reader_.is_done()) socket_.shutdown(tcp::socket::shutdown_send, ignored);
  return false;
}

// Waits without a buffer: a connection at rest holds no memory to read into.
void WebSocketConnection::wait_for_bytes() {
  if (is_finished_) return;
  socket_.async_wait(tcp::socket::wait_read, [self = shared_from_this()](error_code error) {
    if (error) return self->finish();
    self->read_bytes();
  });
}

void WebSocketConnection::read_bytes() {
  if (is_finished_) return;
  thread_local std::array<char, 16u << 10> buffer;
  error_code error;
  const std::size_t count = socket_.read_some(asio::buffer(buffer), error);
  if (error && error != asio::error::would_block) return finish();
  last_read_ = Clock::now();
  take_bytes({buffer.data(), count});
  wait_for_bytes();
}

void WebSocketConnection::take_bytes(std::string_view bytes) {
  if (const auto failure = reader_.read(bytes, [this](const auto& event) { return on_event(event); })) {
    close_with(*failure);
  }
}

bool WebSocketConnection::on_event(const FrameReader::Event& event) {
  bool is_closing = false;
  {
    const std::scoped_lock lock(mutex_);
    is_closing = close_code_ != 0;
    if (event.opcode == Opcode::ping) pong_ = std::string(event.payload);  // the newest is enough (5.5.3)
  }
  switch (event.opcode) {
    case Opcode::text:
      if (!is_closing && core_->handlers.on_message) core_->handlers.on_message(*this, event.payload);
      return true;
    case Opcode::ping: start_write(); return true;
    case Opcode::close:
      is_close_received_ = true;
      if (is_closing) {
        // The answer to ours, or both at once. Ours may still be on its way out.
        const std::scoped_lock lock(mutex_);
        if (!is_close_sent_ || is_write_pending_) return false;
      } else {
        close_with(event.close_code);
        return false;
      }
      finish();
      return false;
    default: return true;  // a pong has done its work by being read
  }
}

void WebSocketConnection::wait_for_timer() {
  if (is_finished_) return;
  const auto ping = core_->options.timeouts.ping;
  if (ping.count() == 0 && !close_deadline_) return;
  timer_.expires_at(close_deadline_.value_or(Clock::now() + ping));
  timer_.async_wait([self = shared_from_this()](error_code error) {
    if (!error) self->on_timer();
  });
}

void WebSocketConnection::on_timer() {
  const auto now = Clock::now();
  const auto silence = core_->options.timeouts.silence;
  bool is_stuck = false;
  {
    const std::scoped_lock lock(mutex_);
    is_stuck = frames_writing_ > 0 && now - last_written_ > silence;
    is_ping_due_ = core_->options.timeouts.ping.count() > 0;
  }
  const bool is_silence_limited = silence.count() > 0;
  is_stuck = is_silence_limited && (is_stuck || now - last_read_ > silence);
  if (is_stuck || (close_deadline_ && now >= *close_deadline_)) return finish();
  start_write();
  wait_for_timer();
}

void WebSocketConnection::finish() {
  if (std::exchange(is_finished_, true)) return;
  {
    const std::scoped_lock lock(mutex_);
    if (close_code_ == 0) close_code_ = close_code::going_away;
    queue_.clear();
  }
  timer_.cancel();
  error_code ignored;
  socket_.shutdown(tcp::socket::shutdown_both, ignored);
  socket_.close(ignored);
  --core_->counters.websockets_open;
  if (core_->handlers.on_close) core_->handlers.on_close(*this);
  ticket_.reset();
}

}  // namespace

void start_websocket_connection(std::shared_ptr<ServerCore> core, ServerCore::Ticket ticket,
                                tcp::socket socket, WebSocketStart start) {
  std::make_shared<WebSocketConnection>(std::move(core), std::move(ticket), std::move(socket),
                                        std::move(start))
      ->open();
}

}  // namespace slipstream::net
