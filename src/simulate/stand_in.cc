#include "simulate/stand_in.h"

#include <fmt/core.h>
#include <algorithm>
#include <atomic>
#include <deque>
#include <mutex>
#include <random>
#include <set>
#include <thread>
#include <utility>

#include "feed/live_token.h"
#include "feed/source.h"
#include "simulate/audience.h"
#include "simulate/session_zero.h"
#include "simulate/static_site.h"

namespace slipstream::simulate {
namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

constexpr milliseconds step(5);
// Frames that may wait for the slowest client before the session waits too; F1 does not wait, but a test at
// a hundred times the speed would measure nothing else.
constexpr std::size_t frames_waiting_max = 256;
constexpr std::size_t queue_frames_max = 1024;
constexpr auto stuck_time = std::chrono::seconds(30);
constexpr std::string_view hub_path = "/signalrcore";
constexpr std::size_t reorder_places_max = 3;

std::string random_id() {
  std::random_device device;
  std::string id;
  for (int i = 0; i < 4; ++i) id += fmt::format("{:08x}", device());
  return id;
}

UtcTime now_utc() { return std::chrono::floor<milliseconds>(std::chrono::system_clock::now()); }

class RunningStandIn final : public StandIn {
 public:
  explicit RunningStandIn(StandInOptions options)
      : options_(std::move(options)), faults_(options_.faults), audience_(faults_) {}
  ~RunningStandIn() override;

  Result<void> begin();
  std::uint16_t port() const override { return server_->port(); }
  bool has_ended() const override { return has_ended_; }
  std::int64_t messages_played() const override { return played_; }
  std::int64_t frames_sent() const override { return audience_.frames_sent(); }
  std::optional<Error> error() const override {
    const std::scoped_lock lock(mutex_);
    return error_;
  }

 private:
  struct Held {
    feed::Message message;
    UtcTime stamp;
    std::uint64_t places = 0;
  };

  net::Handlers handlers();
  net::Response answer(const net::Request& request);
  net::Response negotiate(const net::Request& request);
  std::optional<net::Response> refuse(bool is_negotiate);
  bool has_token(const net::Request& request) const;
  bool knows_id(const net::Request& request) const;

  void run(const std::stop_token& stop);
  void be_ready();
  Result<void> play(const std::string& path, const std::stop_token& stop);
  void play(feed::Message& message, UtcTime stamp, const std::stop_token& stop);
  void emit(const feed::Message& message, UtcTime stamp, const std::stop_token& stop);
  void release_held(bool all, const std::stop_token& stop);
  bool wait_until(SessionTime time, const std::stop_token& stop);
  void wait_for_clients(const std::stop_token& stop);
  void wait_for_room(const std::stop_token& stop);
  void ping_all(const std::stop_token& stop);

  const StandInOptions options_;
  const Faults faults_;
  Audience audience_;
  StaticSite site_;
  mutable std::mutex mutex_;  // for the four below
  std::set<std::string, std::less<>> ids_;
  int refused_401_ = 0, refused_503_ = 0, refused_429_ = 0;
  std::optional<Error> error_;
  std::atomic<std::int64_t> played_ = 0;
  std::int64_t number_ = 0;  // of the message for its faults; one that is held back counts twice
  std::atomic<bool> is_ready_ = false, has_ended_ = false, is_stalled_ = false;
  std::deque<Held> held_;
  std::optional<Clock::time_point> start_;  // of `from` in this source
  std::unique_ptr<net::Server> server_;
  std::jthread player_, pinger_;
};

RunningStandIn::~RunningStandIn() {
  player_.request_stop();
  pinger_.request_stop();
  if (player_.joinable()) player_.join();
  if (pinger_.joinable()) pinger_.join();
  if (server_) server_->stop();
}

Result<void> RunningStandIn::begin() {
  for (const std::string& source : options_.sources) SLIP_TRY(site_.add(source));
  if (faults_.late_archive.count() > 0) site_.hold();
  net::ServerOptions listen = options_.listen;
  listen.takes_options = true;
  listen.offers_deflate = false;
  listen.queue_frames_max = queue_frames_max;
  // FastF1's client never says anything, and takes a WebSocket's ping for a message.
  listen.timeouts.ping = listen.timeouts.silence = milliseconds(0);
  // What is before `from` has to be known when the first client asks.
  player_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
  is_ready_.wait(false);
  auto server = net::start_server(listen, handlers());
  if (!server) return tl::make_unexpected(server.error());
  server_ = std::move(*server);
  pinger_ = std::jthread([this](const std::stop_token& stop) { ping_all(stop); });
  return {};
}

net::Handlers RunningStandIn::handlers() {
  net::Handlers handlers;
  handlers.on_request = [this](const net::Request& request) { return answer(request); };
  handlers.accepts_websocket = [this](const net::Request& request) {
    return request.path == hub_path && knows_id(request);
  };
  handlers.on_open = [this](std::shared_ptr<net::WebSocketPeer> peer, const net::Request& request) {
    audience_.enter(std::move(peer), has_token(request));
  };
  handlers.on_message = [this](net::WebSocketPeer& peer, std::string_view text) {
    audience_.hear(peer, text);
  };
  handlers.on_close = [this](net::WebSocketPeer& peer) { audience_.leave(peer); };
  return handlers;
}

bool RunningStandIn::knows_id(const net::Request& request) const {
  const std::scoped_lock lock(mutex_);
  return ids_.contains(request.parameter("id"));
}

// A bad token is as good as none: who has one gets the free topics.
bool RunningStandIn::has_token(const net::Request& request) const {
  constexpr std::string_view scheme = "Bearer ";
  const auto header = request.header("Authorization");
  const auto text =
      header.starts_with(scheme) ? header.substr(scheme.size()) : request.parameter("access_token");
  const auto token = feed::parse_live_token(text);
  return token && !token->is_expired(now_utc()) && !faults_.is_token_expired;
}

std::optional<net::Response> RunningStandIn::refuse(bool is_negotiate) {
  const std::scoped_lock lock(mutex_);
  if (is_negotiate && refused_401_ < faults_.refuse_401) {
    ++refused_401_;
    return net::Response::error(401, "unauthorized");
  }
  if (refused_503_ < faults_.refuse_503) {
    ++refused_503_;
    return net::Response::error(503, "unavailable");
  }
  if (refused_429_ >= faults_.refuse_429) return std::nullopt;
  ++refused_429_;
  auto refusal = net::Response::error(429, "too many requests");
  refusal.headers.emplace_back("Retry-After", "1");
  return refusal;
}

net::Response RunningStandIn::negotiate(const net::Request& request) {
  if (request.method != "OPTIONS" && request.method != "POST") return net::Response::error(405, "POST only");
  net::Response response;
  const std::string cookie = fmt::format("AWSALBCORS={}; Path=/; SameSite=None{}", random_id(),
                                         options_.listen.tls ? "; Secure" : "");
  if (request.method == "OPTIONS") {
    response.status = 204;
    response.headers = {{"Allow", "OPTIONS, POST"}, {"Set-Cookie", cookie}};
    return response;
  }
  if (auto refusal = refuse(true)) return std::move(*refusal);
  const bool is_version_1 = request.parameter("negotiateVersion") >= "1";
  const std::string id = random_id(), token = random_id();
  {
    const std::scoped_lock lock(mutex_);
    ids_.insert(is_version_1 ? token : id);
  }
  // Python's client checks all of this, and must not see version 1 unless it asked for it.
  const std::string more = is_version_1 ? fmt::format("\"connectionToken\":\"{}\",", token) : "";
  response = net::Response::text(
      200, "application/json",
      fmt::format(R"({{"negotiateVersion":{},{}"connectionId":"{}","availableTransports":[)"
                  R"({{"transport":"WebSockets","transferFormats":["Text","Binary"]}},)"
                  R"({{"transport":"ServerSentEvents","transferFormats":["Text"]}},)"
                  R"({{"transport":"LongPolling","transferFormats":["Text","Binary"]}}]}})",
                  is_version_1 ? 1 : 0, more, id));
  response.headers = {{"Set-Cookie", cookie}};
  return response;
}

net::Response RunningStandIn::answer(const net::Request& request) {
  constexpr std::string_view static_path = "/static/";
  if (request.path == std::string(hub_path) + "/negotiate") return negotiate(request);
  if (!request.path.starts_with(static_path)) return net::Response::error(404, "not found");
  if (request.method != "GET" && request.method != "HEAD") return net::Response::error(405, "GET only");
  if (auto refusal = refuse(false)) return std::move(*refusal);
  return site_.get(std::string_view(request.path).substr(static_path.size()), request);
}

void RunningStandIn::run(const std::stop_token& stop) {
  for (const std::string& source : options_.sources) {
    const auto played = play(source, stop);
    if (!played) {
      const std::scoped_lock lock(mutex_);
      error_ = played.error();
    }
    if (!played || stop.stop_requested()) break;
  }
  be_ready();
  if (faults_.late_archive.count() > 0) site_.publish_at(Clock::now() + faults_.late_archive);
  if (faults_.closes_at_end) audience_.close_all();
  has_ended_ = true;
}

void RunningStandIn::be_ready() {
  if (!is_ready_.exchange(true)) is_ready_.notify_all();
}

Result<void> RunningStandIn::play(const std::string& path, const std::stop_token& stop) {
  auto source = feed::open_source(path);
  if (!source) return tl::make_unexpected(source.error());
  const auto zero = find_zero(path);
  if (!zero) return tl::make_unexpected(zero.error());
  const bool is_first_source = path == options_.sources.front();
  const SessionTime from = is_first_source ? options_.from : SessionTime{};
  start_.reset();
  feed::SourceItem item;
  bool is_before = is_first_source;
  while (!stop.stop_requested()) {
    const auto has_item = (*source)->next(item);
    if (!has_item) return tl::make_unexpected(has_item.error());
    if (!*has_item) break;
    auto* const message = std::get_if<feed::Message>(&item);
    if (message == nullptr) continue;
    is_before = is_before && (message->session_time < from || message->is_snapshot);
    if (is_before) {
      audience_.learn(*message);
      continue;
    }
    be_ready();
    wait_for_clients(stop);
    if (!wait_until(message->session_time - from, stop)) break;
    play(*message, message->utc.value_or(*zero + message->session_time), stop);
  }
  release_held(true, stop);
  return {};
}

void RunningStandIn::play(feed::Message& message, UtcTime stamp, const std::stop_token& stop) {
  using Kind = Faults::Kind;
  const std::int64_t number = number_;
  if (faults_.strikes(Kind::reorder, faults_.reorder, number)) {
    held_.push_back({message, stamp, 1 + faults_.pick(Kind::reorder, number + 1, reorder_places_max)});
    ++number_;
    return;
  }
  emit(message, stamp, stop);
  release_held(false, stop);
}

void RunningStandIn::release_held(bool all, const std::stop_token& stop) {
  for (Held& held : held_) held.places -= held.places > 0 ? 1 : 0;
  while (!held_.empty() && (all || held_.front().places == 0)) {
    const Held held = std::move(held_.front());
    held_.pop_front();
    emit(held.message, held.stamp, stop);
  }
}

void RunningStandIn::emit(const feed::Message& message, UtcTime stamp, const std::stop_token& stop) {
  using Kind = Faults::Kind;
  const std::int64_t number = number_++;
  ++played_;
  if (faults_.strikes(Kind::stall, faults_.stall, number)) {
    is_stalled_ = true;
    const auto until = Clock::now() + faults_.stall_time;
    while (!stop.stop_requested() && Clock::now() < until) std::this_thread::sleep_for(step);
    is_stalled_ = false;
  }
  if (faults_.strikes(Kind::drop, faults_.drop, number)) {
    audience_.hang_up_all();
    wait_for_clients(stop);
  }
  if (faults_.strikes(Kind::lose, faults_.lose, number)) return audience_.learn(message);
  wait_for_room(stop);
  audience_.play(message, stamp, number);
}

bool RunningStandIn::wait_until(SessionTime time, const std::stop_token& stop) {
  if (!options_.speed) return !stop.stop_requested();
  if (!start_) start_ = Clock::now() - std::chrono::duration_cast<Clock::duration>(time / *options_.speed);
  const auto due = *start_ + std::chrono::duration_cast<Clock::duration>(time / *options_.speed);
  while (!stop.stop_requested()) {
    const auto now = Clock::now();
    if (now >= due) return true;
    std::this_thread::sleep_until(std::min(due, now + step * 4));
  }
  return false;
}

void RunningStandIn::wait_for_clients(const std::stop_token& stop) {
  if (!options_.waits_for_clients || audience_.subscriber_count() > 0) return;
  const auto began = Clock::now();
  while (!stop.stop_requested() && audience_.subscriber_count() == 0) std::this_thread::sleep_for(step);
  if (start_) *start_ += Clock::now() - began;
}

void RunningStandIn::wait_for_room(const std::stop_token& stop) {
  const auto limit = Clock::now() + stuck_time;
  while (!stop.stop_requested() && audience_.frames_waiting() > frames_waiting_max) {
    if (Clock::now() > limit) return audience_.drop_stuck(frames_waiting_max);
    std::this_thread::sleep_for(milliseconds(1));
  }
}

void RunningStandIn::ping_all(const std::stop_token& stop) {
  auto due = Clock::now() + options_.ping;
  while (!stop.stop_requested()) {
    std::this_thread::sleep_for(std::min(options_.ping, step * 4));
    if (Clock::now() < due) continue;
    due += options_.ping;
    if (!is_stalled_) audience_.ping();
  }
}

}  // namespace

Result<std::unique_ptr<StandIn>> StandIn::start(StandInOptions options) {
  auto stand_in = std::make_unique<RunningStandIn>(std::move(options));
  SLIP_TRY(stand_in->begin());
  return stand_in;
}

}  // namespace slipstream::simulate
