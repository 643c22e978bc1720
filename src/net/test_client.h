// A plain client for the tests: one blocking socket, HTTP answers and WebSocket frames read by hand, so that
// the server is not tested with its own code. Waits at most ten seconds for anything.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <zlib.h>
#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace slipstream::net::test {

struct Answer {
  int status = 0;  // 0: the connection ended instead
  std::string head;
  std::string body;

  // The value of a header, empty if it is not there.
  std::string header(std::string_view name) const {
    const auto at = head.find("\r\n" + std::string(name) + ": ");
    if (at == std::string::npos) return {};
    const auto from = at + name.size() + 4;
    return head.substr(from, head.find("\r\n", from) - from);
  }
};

struct Frame {
  int opcode = -1;  // -1: the connection ended
  bool is_deflated = false;
  std::string payload;

  int close_code() const {
    if (opcode != 8 || payload.size() < 2) return 0;
    return static_cast<std::uint8_t>(payload[0]) << 8 | static_cast<std::uint8_t>(payload[1]);
  }
};

class Client {
 public:
  // `receive_buffer`: bytes that the kernel keeps for a client that does not read; 0 for the usual.
  explicit Client(std::uint16_t port, int receive_buffer = 0)
      : port_(port), fd_(socket(AF_INET, SOCK_STREAM, 0)) {
    if (receive_buffer > 0) setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    is_connected_ = connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  }
  Client(Client&& other) noexcept
      : port_(other.port_),
        fd_(std::exchange(other.fd_, -1)),
        is_connected_(other.is_connected_),
        buffer_(std::move(other.buffer_)) {}
  Client& operator=(Client&&) = delete;
  ~Client() { hang_up(); }

  bool is_connected() const { return is_connected_; }
  void hang_up() {
    if (fd_ >= 0) ::close(std::exchange(fd_, -1));
  }

  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const auto count = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (count <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
  }

  std::string own_host() const { return "127.0.0.1:" + std::to_string(port_); }

  // Sends "METHOD target HTTP/1.1" with our Host, `headers` (each with its line end) and a body.
  void request(std::string_view method, std::string_view target, std::string_view headers = {},
               std::string_view body = {}) {
    std::string text = std::string(method) + " " + std::string(target) + " HTTP/1.1\r\n";
    if (headers.find("Host:") == std::string_view::npos) text += "Host: " + own_host() + "\r\n";
    text += headers;
    if (!body.empty()) text += "Content-Length: " + std::to_string(body.size()) + "\r\n";
    send(text.append("\r\n").append(body));
  }

  Answer read_answer(bool has_body = true) {
    while (buffer_.find("\r\n\r\n") == std::string::npos) {
      if (!read_more()) return {};
    }
    Answer answer;
    const auto end = buffer_.find("\r\n\r\n") + 2;
    answer.head = buffer_.substr(0, end);
    buffer_.erase(0, end + 2);
    answer.status = std::stoi(answer.head.substr(9, 3));
    const auto length_text = answer.header("Content-Length");
    const std::size_t length = has_body && !length_text.empty() ? std::stoul(length_text) : 0;
    while (buffer_.size() < length && read_more()) {
    }
    answer.body = buffer_.substr(0, length);
    buffer_.erase(0, std::min(length, buffer_.size()));
    return answer;
  }

  Answer get(std::string_view target, std::string_view headers = {}) {
    request("GET", target, headers);
    return read_answer();
  }

  // True once the server has ended the connection and there is nothing left to read.
  bool is_at_end() {
    while (read_more()) {
    }
    return is_ended_ && buffer_.empty();
  }

  Answer upgrade(std::string_view path, std::string_view headers = {}) {
    std::string all = "Upgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n" + std::string(headers);
    if (all.find("Sec-WebSocket-Version") == std::string::npos) all += "Sec-WebSocket-Version: 13\r\n";
    if (all.find("Sec-WebSocket-Key") == std::string::npos) {
      all += "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
    }
    return get(path, all);
  }

  static std::string frame(int first_byte, std::string_view payload) {
    std::string bytes(1, static_cast<char>(first_byte));
    if (payload.size() < 126) {
      bytes.push_back(static_cast<char>(0x80 | payload.size()));
    } else if (payload.size() <= 0xffff) {
      bytes.push_back(static_cast<char>(0x80 | 126));
      for (const int shift : {8, 0}) bytes.push_back(static_cast<char>(payload.size() >> shift));
    } else {
      bytes.push_back(static_cast<char>(0x80 | 127));
      for (int shift = 56; shift >= 0; shift -= 8)
        bytes.push_back(static_cast<char>(payload.size() >> shift));
    }
    const std::string_view mask = "\x11\x22\x33\x44";
    bytes += mask;
    for (std::size_t i = 0; i < payload.size(); ++i)
      bytes.push_back(static_cast<char>(payload[i] ^ mask[i & 3]));
    return bytes;
  }
  bool send_text(std::string_view text) { return send(frame(0x81, text)); }

  Frame read_frame() {
    if (!read_at_least(2)) return {};
    const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(buffer_[i]); };
    Frame frame;
    frame.opcode = byte(0) & 0x0f;
    frame.is_deflated = (byte(0) & 0x40) != 0;
    std::size_t length = byte(1) & 0x7f, head = 2;
    const std::size_t more = length == 126 ? 2 : length == 127 ? 8 : 0;
    if (!read_at_least(2 + more)) return {};
    if (more > 0) length = 0;
    for (std::size_t i = 0; i < more; ++i) length = length << 8 | byte(head++);
    if (!read_at_least(head + length)) return {};
    frame.payload = buffer_.substr(head, length);
    buffer_.erase(0, head + length);
    return frame;
  }

  // The next frame that is not a ping.
  Frame read_message() {
    while (true) {
      auto frame = read_frame();
      if (frame.opcode != 9) return frame;
    }
  }

 private:
  bool read_at_least(std::size_t size) {
    while (buffer_.size() < size) {
      if (!read_more()) return false;
    }
    return true;
  }

  bool read_more() {
    pollfd wait{fd_, POLLIN, 0};
    if (is_ended_ || poll(&wait, 1, 10'000) <= 0) return false;
    char block[16384];
    const auto count = recv(fd_, block, sizeof block, 0);
    is_ended_ = count <= 0;
    if (!is_ended_) buffer_.append(block, static_cast<std::size_t>(count));
    return !is_ended_;
  }

  std::uint16_t port_;
  int fd_;
  bool is_connected_ = false;
  bool is_ended_ = false;
  std::string buffer_;
};

// Up to 64 kB.
inline std::string inflate_raw(std::string payload) {
  payload.append("\x00\x00\xff\xff", 4);
  std::string out(64 << 10, '\0');
  z_stream z{};
  inflateInit2(&z, -15);
  z.next_in = reinterpret_cast<Bytef*>(payload.data());
  z.avail_in = static_cast<uInt>(payload.size());
  z.next_out = reinterpret_cast<Bytef*>(out.data());
  z.avail_out = static_cast<uInt>(out.size());
  inflate(&z, Z_SYNC_FLUSH);
  out.resize(z.total_out);
  inflateEnd(&z);
  return out;
}

inline std::string deflate_raw(std::string_view text) {
  std::string out(text.size() + 100, '\0');
  z_stream z{};
  deflateInit2(&z, 6, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY);
  z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  z.avail_in = static_cast<uInt>(text.size());
  z.next_out = reinterpret_cast<Bytef*>(out.data());
  z.avail_out = static_cast<uInt>(out.size());
  deflate(&z, Z_SYNC_FLUSH);
  out.resize(z.total_out - 4);
  deflateEnd(&z);
  return out;
}

}  // namespace slipstream::net::test
