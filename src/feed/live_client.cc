#include "feed/live_client.h"

#include <fmt/core.h>
#include <fmt/ranges.h>
#include <simdjson.h>
#include <algorithm>
#include <thread>
#include <utility>

#include "feed/live_recorder.h"
#include "net/http_client.h"

namespace slipstream::feed {
namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

constexpr milliseconds wait_step(20);
constexpr auto token_warning = std::chrono::hours(24);
// A connection that held so long was a good one.
constexpr auto good_connection = std::chrono::seconds(30);

UtcTime now_utc() { return std::chrono::floor<milliseconds>(std::chrono::system_clock::now()); }

std::string percent_encoded(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                          c == '-' || c == '.' || c == '_' || c == '~';
    if (is_plain) out += c;
    else out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

// "512 ms", "1.5 s"
std::string pause_text(milliseconds pause) {
  if (pause < std::chrono::seconds(1)) return fmt::format("{} ms", pause.count());
  return fmt::format("{:.1f} s", static_cast<double>(pause.count()) / 1000);
}

// "https://host/x" -> "wss://host/x"
std::string socket_url_of(const std::string& url) {
  return url.starts_with("http") ? "ws" + url.substr(4) : url;
}

std::string web_url_of(const std::string& url) {
  return url.starts_with("ws") ? "http" + url.substr(2) : url;
}

// What the socket is opened with: connectionToken, of servers that know no version 1 connectionId.
Result<std::string> connection_id_of(const std::string& answer) {
  simdjson::dom::parser parser;
  simdjson::dom::element document;
  std::string_view id, error;
  if (parser.parse(answer).get(document) != simdjson::SUCCESS) {
    return fail(Errc::unavailable, "negotiate: the answer is no JSON");
  }
  if (document["error"].get(error) == simdjson::SUCCESS) {
    return fail(Errc::unavailable, fmt::format("negotiate: the server says: {}", error));
  }
  const bool has_id = document["connectionToken"].get(id) == simdjson::SUCCESS ||
                      document["connectionId"].get(id) == simdjson::SUCCESS;
  if (!has_id || id.empty()) return fail(Errc::unavailable, "negotiate: the answer has no connectionToken");
  return std::string(id);
}

}  // namespace

LiveClient::LiveClient(LiveClientOptions options, Handlers handlers)
    : options_(std::move(options)),
      handlers_(std::move(handlers)),
      token_file_(options_.token_file),
      backoff_(options_.backoff) {}

void LiveClient::note(const std::string& text) const {
  if (handlers_.on_note) handlers_.on_note(text);
}

LiveCounts LiveClient::counts() const {
  LiveCounts counts;
  counts.frames = counters_.frames;
  counts.messages = counters_.messages;
  counts.bytes = counters_.bytes;
  counts.connections = counters_.connections;
  counts.failed_tries = counters_.failed_tries;
  counts.silences = counters_.silences;
  return counts;
}

void LiveClient::wait(milliseconds time, const std::stop_token& stop) const {
  const auto until = Clock::now() + time;
  while (!stop.stop_requested() && Clock::now() < until && !token_file_.has_changed()) {
    std::this_thread::sleep_for(std::min<Clock::duration>(wait_step, until - Clock::now()));
  }
}

Result<void> LiveClient::run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    const auto outcome = connect(stop);
    if (outcome && *outcome != Outcome::lost) return {};
    if (!outcome) {
      const Error& error = outcome.error();
      if (error.code != Errc::unavailable) return tl::make_unexpected(error);
      if (stop.stop_requested()) return {};
      ++counters_.failed_tries;
      note(error.message);
    }
    const auto pause = std::max(backoff_.next(), std::exchange(retry_after_, {}).value_or(milliseconds(0)));
    note("connecting again in " + pause_text(pause));
    wait(pause, stop);
  }
  return {};
}

// Says once what a person has to know of the token, not at every connection.
void LiveClient::look_at_token() {
  auto token = token_file_.read();
  std::string text;
  token_.reset();
  if (token) {
    const UtcTime now = now_utc();
    if (token->is_expired(now))
      text = "F1TV token: " + expiry_text(token->expires, now) + "; going on without";
    else token_ = std::move(*token);
    if (token_) text = "F1TV token: " + expiry_text(token_->expires, now);
  } else if (token.error().code != Errc::not_found) {
    text = "F1TV token: " + token.error().message + "; going on without";
  }
  if (!text.empty() && text.substr(0, 24) != last_token_note_.substr(0, 24)) note(text);
  last_token_note_ = text;
  has_warned_of_expiry_ = false;
  warn_of_expiry();
}

// A day ahead, also while a connection lasts.
void LiveClient::warn_of_expiry() {
  const UtcTime now = now_utc();
  if (!token_ || has_warned_of_expiry_ || token_->expires - now > token_warning) return;
  has_warned_of_expiry_ = true;
  note("F1TV token: get a new one, this one " + expiry_text(token_->expires, now));
}

Result<LiveClient::Door> LiveClient::negotiate(const std::stop_token& stop) {
  const std::string url = web_url_of(options_.url) + "/negotiate";
  net::ClientRequest request{.method = "OPTIONS", .url = url, .ca_file = options_.ca_file};
  request.connect_timeout = options_.connect_timeout;
  request.silence = options_.connect_timeout;
  const auto check = [this](const net::ClientAnswer& answer, std::string_view what) -> Result<void> {
    if (answer.status < 400) return {};
    if (const auto after = answer.retry_after()) retry_after_ = *after;
    return fail(Errc::unavailable, fmt::format("{}: the server answers {}", what, answer.status));
  };
  // Which machine behind the balancer has us (T2). One without a balancer may know no OPTIONS.
  const auto options = net::fetch(request, stop);
  if (!options) return tl::make_unexpected(options.error());
  if (options->status == 429 || options->status >= 500) SLIP_TRY(check(*options, "OPTIONS negotiate"));
  Door door;
  const auto cookie = options->cookie("AWSALBCORS");
  if (!cookie.empty()) door.headers.emplace_back("Cookie", fmt::format("AWSALBCORS={}", cookie));
  const bool has_token = token_ && !is_token_refused_;
  if (has_token) door.headers.emplace_back("Authorization", "Bearer " + token_->text);
  request.method = "POST";
  request.url += "?negotiateVersion=1";
  request.headers = door.headers;
  request.headers.emplace_back("Content-Type", "application/json");
  const auto answer = net::fetch(request, stop);
  if (!answer) return tl::make_unexpected(answer.error());
  if (has_token && (answer->status == 401 || answer->status == 403)) {
    is_token_refused_ = true;
    note(fmt::format("F1TV token: the server refuses it ({}); going on without", answer->status));
  }
  SLIP_TRY(check(*answer, "negotiate"));
  const auto id = connection_id_of(answer->body);
  if (!id) return tl::make_unexpected(id.error());
  door.socket_url = fmt::format("{}?id={}", socket_url_of(options_.url), percent_encoded(*id));
  if (has_token) door.socket_url += "&access_token=" + percent_encoded(token_->text);
  // The balancer may have moved us with its answer.
  if (const auto moved = answer->cookie("AWSALBCORS"); !moved.empty()) {
    std::erase_if(door.headers, [](const auto& header) { return header.first == "Cookie"; });
    door.headers.emplace_back("Cookie", fmt::format("AWSALBCORS={}", moved));
  }
  return door;
}

Result<LiveClient::Outcome> LiveClient::connect(const std::stop_token& stop) {
  if (token_file_.has_changed()) is_token_refused_ = false;
  look_at_token();
  auto door = negotiate(stop);
  if (!door) return tl::make_unexpected(door.error());
  net::WebSocketTarget target{.url = door->socket_url, .headers = door->headers, .ca_file = options_.ca_file};
  target.connect_timeout = options_.connect_timeout;
  auto socket = net::WebSocketClient::connect(target, stop);
  if (!socket) return tl::make_unexpected(socket.error());
  ++counters_.connections;
  const auto since = Clock::now();
  is_connected_ = true;
  auto outcome = listen(**socket, stop);
  is_connected_ = false;
  if (Clock::now() - since > good_connection) backoff_.reset();
  if (outcome && *outcome != Outcome::lost) (*socket)->close();
  return outcome;
}

Result<LiveClient::Outcome> LiveClient::listen(net::WebSocketClient& socket, const std::stop_token& stop) {
  LiveProtocol protocol(options_.topics);
  is_first_frame_ = true;
  SLIP_TRY(socket.send(protocol.open()));
  auto last_frame = Clock::now();
  auto next_ping = last_frame + options_.ping;
  while (!stop.stop_requested()) {
    const auto now = Clock::now();
    if (end_at_ && now >= *end_at_) return Outcome::ended;
    if (now - last_frame >= options_.silence) {
      ++counters_.silences;
      return fail(Errc::unavailable, fmt::format("nothing came for {:.0f} s",
                                                 std::chrono::duration<double>(options_.silence).count()));
    }
    if (now >= next_ping) {
      if (protocol.state() == LiveProtocol::State::live) SLIP_TRY(socket.send(LiveProtocol::ping));
      next_ping = now + options_.ping;
    }
    warn_of_expiry();
    if (token_file_.has_changed()) {
      note("the token's file has changed: connecting again with it");
      return Outcome::lost;
    }
    const auto until = std::min({next_ping, last_frame + options_.silence, end_at_.value_or(next_ping),
                                 now + Clock::duration(std::chrono::seconds(1))});
    auto text = socket.read(std::chrono::ceil<milliseconds>(until - now), stop);
    if (!text) return tl::make_unexpected(Error{Errc::unavailable, text.error().message});
    if (!*text) continue;
    last_frame = Clock::now();
    const auto outcome = take(socket, protocol, std::move(**text));
    if (!outcome) return tl::make_unexpected(outcome.error());
    if (*outcome) return **outcome;
  }
  return Outcome::stopped;
}

Result<std::optional<LiveClient::Outcome>> LiveClient::take(net::WebSocketClient& socket,
                                                            LiveProtocol& protocol, std::string text) {
  std::string send;
  auto seen = protocol.take(text, send);
  // What it was belongs into the recording, whatever it means.
  Frame frame{now_utc(), std::move(text), seen ? std::move(*seen) : LiveProtocol::Seen{},
              std::exchange(is_first_frame_, false), protocol.state() >= LiveProtocol::State::live};
  // Who keeps going waits for the next one.
  if (!options_.ends_with_session) frame.seen.was_over = false;
  ++counters_.frames;
  counters_.bytes += static_cast<std::int64_t>(frame.text.size());
  counters_.messages += static_cast<std::int64_t>(frame.seen.feed_messages);
  const bool goes_on = !handlers_.on_frame || handlers_.on_frame(frame);
  if (!seen) return tl::make_unexpected(seen.error());
  if (!goes_on) return std::optional(Outcome::stopped);
  if (!send.empty()) SLIP_TRY(socket.send(send));
  if (frame.seen.is_answered) note_topics(protocol);
  // Who went on to the next session on the same socket does not leave in the middle of it.
  const auto session = session_stem(frame.seen.session_info.value_or(""));
  if (!session.empty() && std::exchange(session_, session) != session) end_at_.reset();
  const bool can_end = options_.ends_with_session && (!handlers_.has_session || handlers_.has_session());
  if (frame.seen.has_ended && can_end && !end_at_) end_at_ = Clock::now() + options_.end_grace;
  if (!frame.seen.must_close) return std::optional<Outcome>();
  note("the server closes the connection");
  return std::optional(end_at_ ? Outcome::ended : Outcome::lost);
}

void LiveClient::note_topics(const LiveProtocol& protocol) {
  const auto& missing = protocol.missing_topics();
  std::vector<std::string> for_token, others;
  for (const std::string& topic : missing) (needs_token(topic) ? for_token : others).push_back(topic);
  if (missing.size() == options_.topics.size()) return note("connected: nothing is known of a session yet");
  std::string text = fmt::format("connected: {} of {} topics came", options_.topics.size() - missing.size(),
                                 options_.topics.size());
  if (!std::exchange(has_noted_topics_, true)) {
    const bool has_token = token_ && !is_token_refused_;
    if (!for_token.empty()) {
      text +=
          fmt::format("; {}: {}", has_token ? "not sent in spite of the token" : "missing without a token",
                      fmt::join(for_token, ", "));
    }
    if (!others.empty()) text += fmt::format("; not sent now: {}", fmt::join(others, ", "));
  }
  note(text);
}

}  // namespace slipstream::feed
