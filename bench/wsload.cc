// wsload: many WebSocket clients on one thread, to measure what a server can feed.
//
//   wsload --port 8080 --path /ws/live --clients 1000 --seconds 10 --hello '{"type":"hello"}' --pid 4711
//
// Connects all clients, then counts for the given time. One line of figures at the end: frames and bytes a
// second, clients that were lost, latency, CPU and memory of this program and, with --pid, of the server, so
// that a slow generator is not taken for a slow server; with --json the same for a program to read. Latency
// is counted from a frame's member "sent" (milliseconds since 1970); of slipstream's numbered frames, which
// have none, from when the first client had the frame of that number, and every number has to come to every
// client. With --deflate compression is asked for; only every hundredth client inflates, for latency and
// numbers.
#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>
#include <zlib.h>
#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <fstream>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

struct Options {
  std::uint16_t port = 8080;
  std::string path = "/ws/live";
  std::size_t clients = 100;
  double seconds = 10;
  std::string hello;
  bool is_deflate_on = false, is_json = false;
  int server_pid = 0;
};

struct Client {
  enum class State { connecting, upgrading, open, lost } state = State::connecting;
  int fd = -1;
  std::string input;
  std::int64_t number = 0;  // of the last frame
};

struct Totals {
  std::uint64_t frames = 0, bytes = 0, missed = 0;  // missed: clients that a number did not come to
  std::vector<double> latencies_ms;
};

// What a process has used: seconds of CPU, MB of memory.
struct Usage {
  double cpu_s = 0, memory_mb = 0;
};

Usage usage_of(const std::string& pid) {
  Usage usage;
  std::ifstream stat("/proc/" + pid + "/stat");
  std::string text((std::istreambuf_iterator<char>(stat)), {});
  const auto name_end = text.rfind(')');
  if (name_end == std::string::npos) return usage;
  std::istringstream fields(text.substr(name_end + 2));
  std::vector<std::string> values((std::istream_iterator<std::string>(fields)), {});
  if (values.size() < 22) return usage;
  const auto ticks = static_cast<double>(sysconf(_SC_CLK_TCK)),
             page = static_cast<double>(sysconf(_SC_PAGESIZE));
  usage.cpu_s = (std::stod(values[11]) + std::stod(values[12])) / ticks;
  usage.memory_mb = std::stod(values[21]) * page / 1e6;
  return usage;
}

std::int64_t number_behind(std::string_view text, std::size_t at) {
  const auto digits = text.substr(std::min(text.find_first_not_of(' ', at), text.size()));
  std::int64_t number = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return number;
}

std::string masked_text_frame(std::string_view text) {
  std::string frame = "\x81";
  if (text.size() < 126) {
    frame.push_back(static_cast<char>(0x80 | text.size()));
  } else {
    frame.push_back(static_cast<char>(0x80 | 126));
    for (const int shift : {8, 0}) frame.push_back(static_cast<char>(text.size() >> shift));
  }
  return frame.append(4, '\0').append(text);  // the mask of zeros leaves the text as it is
}

std::string inflated(std::string_view payload) {
  std::string input = std::string(payload).append("\x00\x00\xff\xff", 4), out(1u << 20, '\0');
  z_stream stream{};
  inflateInit2(&stream, -15);
  stream.next_in = reinterpret_cast<Bytef*>(input.data());
  stream.avail_in = static_cast<uInt>(input.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  inflate(&stream, Z_SYNC_FLUSH);
  out.resize(stream.total_out);
  inflateEnd(&stream);
  return out;
}

class Load {
 public:
  explicit Load(const Options& options)
      : options_(options), clients_(options.clients), poll_(epoll_create1(0)) {}

  // False if not all clients could connect within a minute.
  bool connect_all();
  void run();
  void report() const;

 private:
  void connect(std::size_t index);
  void poll_once(int wait_ms);
  void on_writable(Client& client, std::size_t index);
  void on_readable(Client& client, std::size_t index);
  void take_frames(Client& client, std::size_t index);
  void take_payload(std::string_view payload, bool is_deflated, std::size_t index);
  void take_number(std::string_view payload, Client& client);
  void lose(Client& client);

  const Options options_;
  std::vector<Client> clients_;
  int poll_;
  std::size_t open_ = 0, pending_ = 0, lost_ = 0;
  Totals totals_;
  std::map<std::int64_t, Clock::time_point> first_seen_;  // by the frame's number
  Usage own_before_, server_before_;
  double elapsed_s_ = 0;
};

void Load::connect(std::size_t index) {
  Client& client = clients_[index];
  client.fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  ++pending_;
  if (client.fd < 0) return lose(client);
  sockaddr_in from{}, to{};
  // Several addresses of this machine: one has no more than 28,000 ports to call from.
  from.sin_family = to.sin_family = AF_INET;
  from.sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1 + static_cast<std::uint32_t>(index % 8));
  // A failed call shows as an event of the socket.
  static_cast<void>(bind(client.fd, reinterpret_cast<sockaddr*>(&from), sizeof from));
  to.sin_port = htons(options_.port);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  static_cast<void>(::connect(client.fd, reinterpret_cast<sockaddr*>(&to), sizeof to));
  epoll_event event{};
  event.events = EPOLLOUT;
  event.data.u64 = index;
  epoll_ctl(poll_, EPOLL_CTL_ADD, client.fd, &event);
}

void Load::lose(Client& client) {
  if (client.fd >= 0) close(client.fd);
  if (client.state == Client::State::open) {
    --open_;
  } else {
    --pending_;
  }
  client = {};
  client.state = Client::State::lost;
  ++lost_;
}

void Load::on_writable(Client& client, std::size_t index) {
  std::string request = fmt::format(
      "GET {} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n",
      options_.path, options_.port);
  if (options_.is_deflate_on) request += "Sec-WebSocket-Extensions: permessage-deflate\r\n";
  request += "\r\n";
  // Fits in every socket buffer.
  if (write(client.fd, request.data(), request.size()) != static_cast<ssize_t>(request.size()))
    return lose(client);
  client.state = Client::State::upgrading;
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.u64 = index;
  epoll_ctl(poll_, EPOLL_CTL_MOD, client.fd, &event);
}

void Load::on_readable(Client& client, std::size_t index) {
  static std::array<char, 256u << 10> block;
  const auto count = read(client.fd, block.data(), block.size());
  if (count < 0 && errno == EAGAIN) return;
  if (count <= 0) return lose(client);
  totals_.bytes += static_cast<std::uint64_t>(count);
  client.input.append(block.data(), static_cast<std::size_t>(count));
  if (client.state == Client::State::upgrading) {
    const auto end = client.input.find("\r\n\r\n");
    if (end == std::string::npos) return;
    if (!client.input.starts_with("HTTP/1.1 101")) {
      fmt::print(stderr, "refused: {}\n", client.input.substr(0, client.input.find('\r')));
      return lose(client);
    }
    client.input.erase(0, end + 4);
    client.state = Client::State::open;
    ++open_;
    --pending_;
    const auto hello = masked_text_frame(options_.hello);
    if (!options_.hello.empty() && write(client.fd, hello.data(), hello.size()) < 0) return lose(client);
  }
  take_frames(client, index);
}

void Load::take_frames(Client& client, std::size_t index) {
  std::string_view rest = client.input;
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(rest[i]); };
  while (rest.size() >= 2) {
    std::size_t length = byte(1) & 0x7f, head = 2;
    const std::size_t more = length == 126 ? 2 : length == 127 ? 8 : 0;
    if (rest.size() < head + more) break;
    if (more > 0) length = 0;
    for (std::size_t i = 0; i < more; ++i) length = length << 8 | byte(head++);
    if (rest.size() < head + length) break;
    const int opcode = byte(0) & 0x0f;
    if (opcode == 8) return lose(client);
    if (opcode == 9) {
      const auto pong = std::string("\x8a\x80\0\0\0\0", 6);
      if (write(client.fd, pong.data(), pong.size()) < 0) return lose(client);
    }
    if (opcode <= 2) take_payload(rest.substr(head, length), (byte(0) & 0x40) != 0, index);
    rest.remove_prefix(head + length);
  }
  client.input.erase(0, client.input.size() - rest.size());
  if (client.input.empty() && client.input.capacity() > 4096) client.input.shrink_to_fit();
}

void Load::take_payload(std::string_view payload, bool is_deflated, std::size_t index) {
  ++totals_.frames;
  std::string plain;
  if (is_deflated) {
    if (index % 100 != 0) return;
    payload = plain = inflated(payload);
  }
  constexpr std::string_view name = "\"sent\":";
  const auto at = payload.find(name);
  if (at == std::string_view::npos) return take_number(payload, clients_[index]);
  const std::int64_t sent_ms = number_behind(payload, at + name.size());
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const auto now_ms = std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
  totals_.latencies_ms.push_back(static_cast<double>(std::clamp<std::int64_t>(now_ms - sent_ms, 0, 60'000)));
}

void Load::take_number(std::string_view payload, Client& client) {
  constexpr std::string_view name = "\"number\":", delta = R"("type":"delta")";
  const auto at = payload.find(name);
  if (at == std::string_view::npos) return;
  const std::int64_t number = number_behind(payload, at + name.size());
  const bool is_delta = payload.substr(0, at).find(delta) != std::string_view::npos;
  if (is_delta && number != client.number + 1) ++totals_.missed;
  client.number = number;
  if (!is_delta) return;  // a snapshot has the number of a frame that others had long ago
  const auto now = Clock::now();
  const auto first = first_seen_.try_emplace(number, now).first->second;
  totals_.latencies_ms.push_back(std::chrono::duration<double, std::milli>(now - first).count());
}

void Load::poll_once(int wait_ms) {
  std::array<epoll_event, 512> events;
  const int count = epoll_wait(poll_, events.data(), static_cast<int>(events.size()), wait_ms);
  for (int i = 0; i < count; ++i) {
    const auto& event = events[static_cast<std::size_t>(i)];
    const auto index = static_cast<std::size_t>(event.data.u64);
    Client& client = clients_[index];
    if (client.state == Client::State::connecting) {
      (event.events & EPOLLERR) != 0 ? lose(client) : on_writable(client, index);
    } else {
      on_readable(client, index);
    }
  }
}

bool Load::connect_all() {
  const auto begin = Clock::now();
  std::size_t next = 0;
  while (next < clients_.size() || pending_ > 0) {
    // Few at a time, so that the server's queue of new connections does not overflow.
    while (next < clients_.size() && pending_ < 128) connect(next++);
    poll_once(100);
    if (Clock::now() - begin > std::chrono::minutes(1)) break;
  }
  const auto elapsed = std::chrono::duration<double>(Clock::now() - begin).count();
  fmt::print(stderr, "{} of {} clients open after {:.2f} s\n", open_, clients_.size(), elapsed);
  return open_ == clients_.size();
}

void Load::run() {
  totals_ = {};
  own_before_ = usage_of("self");
  server_before_ = usage_of(std::to_string(options_.server_pid));
  const auto begin = Clock::now();
  while (std::chrono::duration<double>(Clock::now() - begin).count() < options_.seconds) poll_once(100);
  elapsed_s_ = std::chrono::duration<double>(Clock::now() - begin).count();
}

void Load::report() const {
  auto latencies = totals_.latencies_ms;
  std::sort(latencies.begin(), latencies.end());
  const auto quantile = [&](std::size_t percent) {
    return latencies.empty() ? 0.0 : latencies[(latencies.size() - 1) * percent / 100];
  };
  const Usage own = usage_of("self"), server = usage_of(std::to_string(options_.server_pid));
  const auto share = [&](const Usage& before, const Usage& after) {
    return (after.cpu_s - before.cpu_s) / elapsed_s_ * 100;
  };
  if (options_.is_json) {
    fmt::print(R"({{"frames_per_s":{:.0f},"lost":{},"missed":{},"p50_ms":{:.2f},"p99_ms":{:.2f},)"
               R"("client_cpu_pct":{:.0f},"server_cpu_pct":{:.0f},"server_mb":{:.1f}}})"
               "\n",
               static_cast<double>(totals_.frames) / elapsed_s_, lost_, totals_.missed, quantile(50),
               quantile(99), share(own_before_, own), share(server_before_, server), server.memory_mb);
    return;
  }
  fmt::print("{:.0f} frames/s, {:.1f} MB/s, {} lost, {} missed",
             static_cast<double>(totals_.frames) / elapsed_s_,
             static_cast<double>(totals_.bytes) / elapsed_s_ / 1e6, lost_, totals_.missed);
  if (!latencies.empty()) {
    fmt::print(", latency p50 {:.1f} p99 {:.1f} max {:.1f} ms ({} frames)", quantile(50), quantile(99),
               latencies.back(), latencies.size());
  }
  const auto print_usage = [&](std::string_view who, const Usage& before, const Usage& after) {
    fmt::print(", {} {:.0f} % CPU {:.0f} MB", who, share(before, after), after.memory_mb);
  };
  print_usage("client", own_before_, own);
  if (options_.server_pid > 0) print_usage("server", server_before_, server);
  fmt::print("\n");
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App app("Many WebSocket clients on one thread: frames a second, latency, memory.");
  app.add_option("--port", options.port, "port on 127.0.0.1")->capture_default_str();
  app.add_option("--path", options.path, "path of the WebSocket")->capture_default_str();
  app.add_option("--clients", options.clients, "clients")->capture_default_str();
  app.add_option("--seconds", options.seconds, "how long to count")->capture_default_str();
  app.add_option("--hello", options.hello, "text that every client sends first");
  app.add_flag("--deflate", options.is_deflate_on, "ask for compression");
  app.add_option("--pid", options.server_pid, "process id of the server, for its CPU and memory");
  app.add_flag("--json", options.is_json, "figures as one JSON object");
  CLI11_PARSE(app, argc, argv);
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  Load load(options);
  if (!load.connect_all()) return 1;
  load.run();
  load.report();
  return 0;
}
