#include "net/websocket_client.h"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <poll.h>
#include <algorithm>
#include <array>
#include <deque>

#include "net/client_transfer.h"
#include "net/request_target.h"
#include "net/websocket_frame.h"

namespace slipstream::net {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

// How long a stop or a taken write may go unnoticed.
constexpr milliseconds poll_step(100);
constexpr std::size_t answer_head_bytes_max = 16u << 10;

std::string random_key() {
  std::array<unsigned char, 16> bytes{};
  RAND_bytes(bytes.data(), static_cast<int>(bytes.size()));
  std::string text(25, '\0');
  EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), bytes.data(),
                  static_cast<int>(bytes.size()));
  text.resize(24);
  return text;
}

// "/path?query" and "host:port" of a URL that make_transfer() took.
struct Place {
  std::string host, target;
};

Place split_url(std::string_view url) {
  const auto begin = url.find("://") + 3;
  const auto end = std::min(url.find_first_of("/?#", begin), url.size());
  Place place{std::string(url.substr(begin, end - begin)), std::string(url.substr(end))};
  if (!place.target.starts_with('/')) place.target.insert(0, "/");
  return place;
}

class CurlWebSocket final : public WebSocketClient {
 public:
  CurlWebSocket(Curl curl, const WebSocketTarget& target)
      : curl_(std::move(curl)),
        place_(place_of(target.url)),
        connect_timeout_(target.connect_timeout),
        reader_(false, target.message_bytes_max, FrameReader::From::server) {
    curl_easy_getinfo(curl_.get(), CURLINFO_ACTIVESOCKET, &socket_);
  }

  Result<void> open(const WebSocketTarget& target, const std::stop_token& stop);
  Result<std::optional<std::string>> read(milliseconds wait, const std::stop_token& stop) override;
  Result<void> send(std::string_view text) override { return send_frame(Opcode::text, text); }
  void close() override;

 private:
  enum class Ready { no, yes };

  Ready wait_for(short events, Clock::time_point deadline) const;
  Result<void> write_all(std::string_view bytes);
  Result<void> send_frame(Opcode opcode, std::string_view payload);
  // Bytes that have come, or none after a while; an error at the end.
  Result<std::string_view> receive(Clock::time_point deadline);
  Result<void> take(std::string_view bytes);
  bool on_event(const FrameReader::Event& event);
  Result<std::string> read_answer_head(const std::stop_token& stop);

  Curl curl_;
  const std::string place_;
  const milliseconds connect_timeout_;
  FrameReader reader_;
  curl_socket_t socket_ = CURL_SOCKET_BAD;
  std::array<char, 64u << 10> block_{};
  std::deque<std::string> messages_;
  std::optional<std::string> pong_;
  std::optional<Error> end_;
};

CurlWebSocket::Ready CurlWebSocket::wait_for(short events, Clock::time_point deadline) const {
  const auto left = std::chrono::ceil<milliseconds>(deadline - Clock::now());
  pollfd wait{socket_, events, 0};
  const auto limit = std::clamp(left, milliseconds(0), poll_step);
  return ::poll(&wait, 1, static_cast<int>(limit.count())) > 0 ? Ready::yes : Ready::no;
}

Result<void> CurlWebSocket::write_all(std::string_view bytes) {
  const auto deadline = Clock::now() + connect_timeout_;
  while (!bytes.empty()) {
    std::size_t sent = 0;
    const CURLcode code = curl_easy_send(curl_.get(), bytes.data(), bytes.size(), &sent);
    if (code == CURLE_AGAIN && Clock::now() < deadline) {
      wait_for(POLLOUT, deadline);
      continue;
    }
    if (code != CURLE_OK) return tl::make_unexpected(transfer_error(place_, code));
    bytes.remove_prefix(sent);
  }
  return {};
}

Result<void> CurlWebSocket::send_frame(Opcode opcode, std::string_view payload) {
  std::array<char, 4> mask{};
  RAND_bytes(reinterpret_cast<unsigned char*>(mask.data()), static_cast<int>(mask.size()));
  return write_all(client_frame(opcode, payload, mask));
}

Result<std::string_view> CurlWebSocket::receive(Clock::time_point deadline) {
  std::size_t count = 0;
  CURLcode code = curl_easy_recv(curl_.get(), block_.data(), block_.size(), &count);
  // TLS may hold bytes that poll() does not see, so it is asked second.
  if (code == CURLE_AGAIN && wait_for(POLLIN, deadline) == Ready::yes) {
    code = curl_easy_recv(curl_.get(), block_.data(), block_.size(), &count);
  }
  if (code == CURLE_AGAIN) return std::string_view();
  if (code != CURLE_OK) return tl::make_unexpected(transfer_error(place_, code));
  if (count == 0) return fail(Errc::unavailable, fmt::format("{}: the connection was cut", place_));
  return std::string_view(block_.data(), count);
}

Result<std::string> CurlWebSocket::read_answer_head(const std::stop_token& stop) {
  const auto deadline = Clock::now() + connect_timeout_;
  std::string head;
  while (head.find("\r\n\r\n") == std::string::npos) {
    const auto bytes = receive(deadline);
    if (!bytes) return tl::make_unexpected(bytes.error());
    head += *bytes;
    const bool is_late = Clock::now() > deadline || stop.stop_requested();
    if (is_late || head.size() > answer_head_bytes_max) {
      return fail(Errc::unavailable, fmt::format("{}: no answer to the WebSocket's request", place_));
    }
  }
  return head;
}

Result<void> CurlWebSocket::open(const WebSocketTarget& target, const std::stop_token& stop) {
  const auto [host, path] = split_url(target.url);
  const std::string key = random_key();
  std::string request = fmt::format(
      "GET {} HTTP/1.1\r\nHost: {}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {}\r\n",
      path, host, key);
  for (const auto& [name, value] : target.headers) request += fmt::format("{}: {}\r\n", name, value);
  SLIP_TRY(write_all(request + "\r\n"));
  auto head = read_answer_head(stop);
  if (!head) return tl::make_unexpected(head.error());
  const auto end = head->find("\r\n\r\n") + 2;
  const std::string left_over = head->substr(end + 2);
  head->resize(end);
  const bool is_open =
      head->starts_with("HTTP/1.1 101") && head->find(websocket_accept(key)) != std::string::npos;
  if (!is_open) {
    return fail(Errc::unavailable, fmt::format("{}: no WebSocket there: {}", place_,
                                               std::string_view(*head).substr(0, head->find('\r'))));
  }
  return take(left_over);
}

bool CurlWebSocket::on_event(const FrameReader::Event& event) {
  switch (event.opcode) {
    case Opcode::text: messages_.emplace_back(event.payload); return true;
    case Opcode::ping: pong_ = std::string(event.payload); return true;
    case Opcode::close:
      end_ = Error{Errc::unavailable,
                   fmt::format("{}: the server closed with code {}{}{}", place_, event.close_code,
                               event.payload.empty() ? "" : ": ", event.payload)};
      return false;
    default: return true;
  }
}

Result<void> CurlWebSocket::take(std::string_view bytes) {
  const auto failure = reader_.read(bytes, [this](const auto& event) { return on_event(event); });
  if (failure) {
    end_ = Error{Errc::malformed,
                 fmt::format("{}: not the WebSocket protocol (close code {})", place_, *failure)};
  }
  if (pong_) SLIP_TRY(send_frame(Opcode::pong, *std::exchange(pong_, {})));
  return {};
}

Result<std::optional<std::string>> CurlWebSocket::read(milliseconds wait, const std::stop_token& stop) {
  const auto deadline = Clock::now() + wait;
  while (messages_.empty() && !end_) {
    const auto bytes = receive(deadline);
    if (!bytes) {
      end_ = bytes.error();
      break;
    }
    if (const auto taken = take(*bytes); !taken) end_ = taken.error();
    if (!messages_.empty()) break;
    if (stop.stop_requested() || (bytes->empty() && Clock::now() >= deadline)) return std::nullopt;
  }
  if (messages_.empty()) return tl::make_unexpected(*end_);
  std::optional<std::string> message(std::move(messages_.front()));
  messages_.pop_front();
  return message;
}

void CurlWebSocket::close() {
  if (end_) return;
  std::array<char, 4> mask{};
  const char code[2] = {static_cast<char>(close_code::normal >> 8), static_cast<char>(close_code::normal)};
  // The server may be gone, which is what is wanted.
  static_cast<void>(write_all(client_frame(Opcode::close, {code, 2}, mask)));
  end_ = Error{Errc::unavailable, "closed"};
}

}  // namespace

Result<std::unique_ptr<WebSocketClient>> WebSocketClient::connect(const WebSocketTarget& target,
                                                                  const std::stop_token& stop) {
  SLIP_TRY(check_headers(target.headers));
  auto curl = make_transfer(target.url, target.ca_file, target.connect_timeout);
  if (!curl) return tl::make_unexpected(curl.error());
  curl_easy_setopt(curl->get(), CURLOPT_CONNECT_ONLY, 1L);
  if (const CURLcode code = curl_easy_perform(curl->get()); code != CURLE_OK) {
    return tl::make_unexpected(transfer_error(target.url, code));
  }
  auto client = std::make_unique<CurlWebSocket>(std::move(*curl), target);
  SLIP_TRY(client->open(target, stop));
  return client;
}

}  // namespace slipstream::net
