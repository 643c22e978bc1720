#include "cli/sql_socket.h"

#include <fmt/core.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#include <array>
#include <cerrno>
#include <cstring>

namespace slipstream::cli {
namespace {

constexpr int poll_step_ms = 100;
constexpr int client_timeout_s = 5;
constexpr std::size_t request_bytes_max = 1u << 20;

std::string socket_path(const std::string& db) { return db + ".sock"; }

std::string_view to_text(warehouse::OutputFormat format) {
  switch (format) {
    case warehouse::OutputFormat::csv: return "csv";
    case warehouse::OutputFormat::json: return "json";
    case warehouse::OutputFormat::table: break;
  }
  return "table";
}

Result<sockaddr_un> address_of(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof(address.sun_path)) {
    return fail(Errc::unavailable, fmt::format("{}: path is too long for a socket", path));
  }
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  return address;
}

const sockaddr* as_sockaddr(const sockaddr_un& address) {
  return reinterpret_cast<const sockaddr*>(&address);
}

void send_all(int socket, std::string_view text) {
  while (!text.empty()) {
    const auto sent = ::send(socket, text.data(), text.size(), MSG_NOSIGNAL);
    if (sent <= 0) return;
    text.remove_prefix(static_cast<std::size_t>(sent));
  }
}

// Up to the other side's end of writing, or `bytes_max`.
std::string receive_all(int socket, std::size_t bytes_max) {
  std::string text;
  std::array<char, 16384> piece{};
  while (text.size() < bytes_max) {
    const auto received = ::recv(socket, piece.data(), piece.size(), 0);
    if (received <= 0) break;
    text.append(piece.data(), static_cast<std::size_t>(received));
  }
  return text;
}

}  // namespace

Result<std::unique_ptr<SqlSocket>> SqlSocket::start(const std::string& db, warehouse::Warehouse& warehouse) {
  const std::string path = socket_path(db);
  const auto address = address_of(path);
  if (!address) return tl::make_unexpected(address.error());
  const int listener = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  ::unlink(path.c_str());  // of a process that was killed; a living one holds the database's lock
  const mode_t mask = ::umask(0077);
  const bool is_listening = listener >= 0 && ::bind(listener, as_sockaddr(*address), sizeof(*address)) == 0 &&
                            ::listen(listener, 8) == 0;
  ::umask(mask);
  if (!is_listening) {
    const std::string reason = std::strerror(errno);
    if (listener >= 0) ::close(listener);
    return fail(Errc::unavailable, fmt::format("{}: {}", path, reason));
  }
  return std::make_unique<SqlSocket>(Private{}, path, listener, warehouse);
}

SqlSocket::SqlSocket(Private, std::string path, int listener, warehouse::Warehouse& warehouse)
    : path_(std::move(path)),
      listener_(listener),
      warehouse_(warehouse),
      thread_([this](const std::stop_token& stop) { serve(stop); }) {}

SqlSocket::~SqlSocket() {
  thread_.request_stop();
  thread_.join();
  ::close(listener_);
  ::unlink(path_.c_str());
}

void SqlSocket::serve(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    pollfd waiting{listener_, POLLIN, 0};
    if (::poll(&waiting, 1, poll_step_ms) <= 0) continue;
    const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (client < 0) continue;
    answer(client);
    ::close(client);
  }
}

void SqlSocket::answer(int client) {
  const timeval timeout{client_timeout_s, 0};
  ::setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof(timeout));
  ::setsockopt(client, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof(timeout));
  send_all(client, run(receive_all(client, request_bytes_max)));
}

std::string SqlSocket::run(std::string_view request) {
  const std::size_t line_end = request.find('\n');
  if (line_end == std::string_view::npos) return "error\nnot a request\n";
  const auto format = warehouse::parse_output_format(request.substr(0, line_end));
  if (!format) return "error\n" + format.error().message;
  const auto result =
      warehouse_.query("begin transaction read only;\n" + std::string(request.substr(line_end + 1)));
  if (!result) return "error\n" + result.error().message;
  std::string text = "ok\n";
  warehouse::format_result(*result, *format, text);
  return text;
}

Result<std::string> ask_sql_socket(const std::string& db, warehouse::OutputFormat format,
                                   const std::string& statement) {
  const std::string path = socket_path(db);
  const auto address = address_of(path);
  if (!address) return tl::make_unexpected(address.error());
  const int client = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (client < 0 || ::connect(client, as_sockaddr(*address), sizeof(*address)) != 0) {
    const std::string reason = std::strerror(errno);
    if (client >= 0) ::close(client);
    return fail(Errc::not_found, fmt::format("{}: {}", path, reason));
  }
  send_all(client, fmt::format("{}\n{}", to_text(format), statement));
  ::shutdown(client, SHUT_WR);
  const std::string answer = receive_all(client, std::string::npos);
  ::close(client);
  if (answer.starts_with("ok\n")) return answer.substr(3);
  if (answer.starts_with("error\n")) return fail(Errc::malformed, answer.substr(6));
  return fail(Errc::unavailable, fmt::format("{}: the running slipstream gave no answer", path));
}

}  // namespace slipstream::cli
