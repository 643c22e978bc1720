// start_server: binding, the accept loop, the threads, and the order of stopping.
#include "net/server.h"

#include <fmt/format.h>
#include <sys/resource.h>
#include <algorithm>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <thread>

#include "net/http_connection.h"
#include "net/server_core.h"
#include "net/tls_tunnel.h"

namespace slipstream::net {
namespace {

using boost::system::error_code;

// Refused connections that may wait for their 503 at the same time.
constexpr std::size_t refused_max = 64;
constexpr auto accept_pause = std::chrono::milliseconds(100);

// A shell's usual limit of 1024 descriptors is below connections_max.
void raise_descriptor_limit(std::size_t connections_max) {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  const auto wanted = static_cast<rlim_t>(connections_max + refused_max + 256);
  if (limit.rlim_cur >= wanted) return;
  limit.rlim_cur = std::min(wanted, limit.rlim_max);
  setrlimit(RLIMIT_NOFILE, &limit);
}

// One listening socket. Its functions run on its strand.
class Listener : public std::enable_shared_from_this<Listener> {
 public:
  Listener(std::shared_ptr<ServerCore> core)
      : core_(std::move(core)), acceptor_(asio::make_strand(core_->io)), pause_(acceptor_.get_executor()) {}

  error_code bind(const tcp::endpoint& endpoint);
  std::uint16_t port() const { return acceptor_.local_endpoint().port(); }
  void accept();
  void close();

 private:
  void on_accept(error_code error, tcp::socket socket);

  const std::shared_ptr<ServerCore> core_;
  tcp::acceptor acceptor_;
  asio::steady_timer pause_;
};

error_code Listener::bind(const tcp::endpoint& endpoint) {
  error_code error;
  acceptor_.open(endpoint.protocol(), error);
  if (error) return error;
  acceptor_.set_option(tcp::acceptor::reuse_address(true), error);  // a restart finds the port in TIME_WAIT
  if (endpoint.address().is_v6()) {
    // "::" takes IPv4 too; a certain address is itself only.
    acceptor_.set_option(asio::ip::v6_only(!endpoint.address().is_unspecified()), error);
  }
  acceptor_.bind(endpoint, error);
  if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
  return error;
}

void Listener::accept() {
  acceptor_.async_accept(asio::make_strand(core_->io),
                         [self = shared_from_this()](error_code error, auto socket) {
                           self->on_accept(error, std::move(socket));
                         });
}

void Listener::on_accept(error_code error, tcp::socket socket) {
  if (core_->is_stopping || !acceptor_.is_open()) return;
  if (!error) {
    const auto open = core_->open_count();
    const auto max = core_->options.connections_max;
    if (open >= max + refused_max) return accept();
    if (core_->tls) start_tls_tunnel(core_, std::move(socket), open >= max);
    else start_http_connection(core_, std::move(socket), open >= max);
    return accept();
  }
  if (error == asio::error::operation_aborted) return;
  // Out of descriptors or memory: without a pause this would spin until somebody leaves.
  pause_.expires_after(accept_pause);
  pause_.async_wait([self = shared_from_this()](error_code cancelled) {
    if (!cancelled && self->acceptor_.is_open()) self->accept();
  });
}

void Listener::close() {
  asio::post(acceptor_.get_executor(), [self = shared_from_this()] {
    error_code ignored;
    self->acceptor_.close(ignored);
    self->pause_.cancel();
  });
}

std::string place_of(const std::string& address, std::uint16_t port) {
  const bool is_v6 = address.find(':') != std::string::npos && !address.starts_with('[');
  return is_v6 ? fmt::format("[{}]:{}", address, port) : fmt::format("{}:{}", address, port);
}

std::string advice_for(error_code error) {
  if (error == asio::error::address_in_use) {
    return "address already in use; stop the program that listens there or choose another port";
  }
  if (error == asio::error::access_denied) {
    return "permission denied; ports below 1024 need root or CAP_NET_BIND_SERVICE, choose one from 1024 on";
  }
  if (error == boost::system::errc::address_not_available) {
    return "this machine has no such address; use 127.0.0.1, or 0.0.0.0 for all of its addresses";
  }
  return error.message();
}

class BeastServer final : public Server {
 public:
  explicit BeastServer(std::shared_ptr<ServerCore> core) : core_(std::move(core)) {}
  ~BeastServer() override { stop(); }

  Result<void> listen();
  void run();
  std::uint16_t port() const override { return port_; }
  ServerCounters counters() const override;
  void stop() override;

 private:
  Result<std::vector<tcp::endpoint>> resolve() const;

  const std::shared_ptr<ServerCore> core_;
  std::vector<std::shared_ptr<Listener>> listeners_;
  std::vector<std::thread> threads_;
  std::mutex stop_mutex_;
  std::uint16_t port_ = 0;
};

Result<std::vector<tcp::endpoint>> BeastServer::resolve() const {
  auto name = core_->options.address;
  if (name.starts_with('[') && name.ends_with(']')) name = name.substr(1, name.size() - 2);
  error_code error;
  tcp::resolver resolver(core_->io);
  const auto flags = tcp::resolver::passive | tcp::resolver::numeric_service;
  const auto found = resolver.resolve(name, std::to_string(core_->options.port), flags, error);
  if (error || found.empty()) {
    return fail(Errc::unavailable,
                fmt::format("{}: the name cannot be resolved ({}); use an address of this machine",
                            place_of(name, core_->options.port), error.message()));
  }
  std::vector<tcp::endpoint> endpoints;
  for (const auto& entry : found) endpoints.push_back(entry.endpoint());
  return endpoints;
}

// Listens on every address of the name ("localhost" has two); one of them has to work, and none may be taken
// by another program, which would get a part of the visitors.
Result<void> BeastServer::listen() {
  const auto place = place_of(core_->options.address, core_->options.port);
  const auto endpoints = resolve();
  if (!endpoints) return tl::make_unexpected(endpoints.error());
  error_code last_error;
  for (auto endpoint : *endpoints) {
    const bool is_port_ours = core_->options.port == 0 && port_ != 0;
    if (is_port_ours) endpoint.port(port_);
    const auto listener = std::make_shared<Listener>(core_);
    if (const auto error = listener->bind(endpoint)) {
      const bool is_taken = error == asio::error::address_in_use && !is_port_ours;
      if (is_taken) return fail(Errc::unavailable, fmt::format("{}: {}", place, advice_for(error)));
      last_error = error;
      continue;
    }
    port_ = listener->port();
    listeners_.push_back(listener);
  }
  if (!listeners_.empty()) return {};
  return fail(Errc::unavailable, fmt::format("{}: {}", place, advice_for(last_error)));
}

void BeastServer::run() {
  for (const auto& listener : listeners_) {
    asio::post(core_->io, [listener] { listener->accept(); });
  }
  for (int i = 0; i < std::max(1, core_->options.thread_count); ++i) {
    threads_.emplace_back([core = core_] {
      while (true) {
        try {
          core->io.run();
          return;
        } catch (const std::exception&) {
          // Out of memory in one connection's handler: that connection is gone with its handler, the others
          // go on.
        }
      }
    });
  }
}

ServerCounters BeastServer::counters() const {
  const auto& now = core_->counters;
  ServerCounters out;
  out.connections_open = core_->open_count();
  out.websockets_open = now.websockets_open;
  out.requests = now.requests;
  out.requests_refused = now.requests_refused;
  out.frames_sent = now.frames_sent;
  out.frames_dropped = now.frames_dropped;
  out.bytes_sent = now.bytes_sent;
  return out;
}

// The threads end by themselves once nothing is open any more, so nothing is left in the io_context.
void BeastServer::stop() {
  const std::scoped_lock lock(stop_mutex_);
  if (core_->is_stopping.exchange(true)) return;
  for (const auto& listener : listeners_) listener->close();
  for (const auto& connection : core_->connections()) connection->begin_stop();
  auto patience = core_->options.timeouts.stop;
  while (!core_->wait_until_empty(patience)) {
    for (const auto& connection : core_->connections()) connection->abort();
    patience = std::chrono::milliseconds(50);
  }
  listeners_.clear();
  for (auto& thread : threads_) thread.join();
  core_->handlers = {};  // a handler may hold what holds a WebSocketPeer, which holds the core
}

}  // namespace

Result<std::unique_ptr<Server>> start_server(const ServerOptions& options, Handlers handlers) {
  try {
    raise_descriptor_limit(options.connections_max);
    auto core = std::make_shared<ServerCore>(options, std::move(handlers));
    if (options.tls) {
      auto tls = make_tls_context(*options.tls);
      if (!tls) return tl::make_unexpected(tls.error());
      core->tls = std::move(*tls);
    }
    auto server = std::make_unique<BeastServer>(std::move(core));
    SLIP_TRY(server->listen());
    server->run();
    return server;
  } catch (const std::exception& error) {
    return fail(Errc::unavailable,
                fmt::format("{}: {}", place_of(options.address, options.port), error.what()));
  }
}

}  // namespace slipstream::net
