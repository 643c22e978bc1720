// What the connections of one server share. Only this module's files with sockets include it.
#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/strand.hpp>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <utility>
#include <vector>

#include "net/deflate.h"
#include "net/host_policy.h"
#include "net/server.h"

namespace slipstream::net {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;

struct TlsContext;

// A connection as the server sees it. Thread rule: any thread.
class Connection {
 public:
  virtual ~Connection() = default;
  // Ends politely: the running answer or a close frame still goes out.
  virtual void begin_stop() = 0;
  // Ends now.
  virtual void abort() = 0;
};

// Held by shared_ptr by every connection, because a WebSocketPeer may outlive the server and its socket needs
// the io_context. Thread rule: any thread.
class ServerCore {
 public:
  // A place among the open connections; given back when destroyed.
  class Ticket {
   public:
    Ticket(ServerCore& core, std::uint64_t id) : core_(&core), id_(id) {}
    Ticket(Ticket&& other) noexcept : core_(std::exchange(other.core_, nullptr)), id_(other.id_) {}
    Ticket& operator=(Ticket&&) = delete;
    ~Ticket() {
      if (core_ != nullptr) core_->leave(id_);
    }
    std::uint64_t id() const { return id_; }
    // The connection that answers for this place; an HTTP connection hands its place to the WebSocket.
    void assign(std::weak_ptr<Connection> connection) { core_->assign(id_, std::move(connection)); }

   private:
    ServerCore* core_;
    std::uint64_t id_;
  };

  ServerCore(const ServerOptions& server_options, Handlers server_handlers)
      : options(server_options),
        handlers(std::move(server_handlers)),
        policy(server_options.address, server_options.allowed_hosts),
        io(server_options.thread_count) {}

  Ticket enter();
  std::size_t open_count() const;
  std::vector<std::shared_ptr<Connection>> connections() const;
  // Waits until no connection is open; false if that took longer.
  bool wait_until_empty(std::chrono::milliseconds limit);

  const ServerOptions options;
  Handlers handlers;
  const HostPolicy policy;
  FrameDeflater deflater;
  std::shared_ptr<TlsContext> tls;  // nullptr: plain
  std::atomic<bool> is_stopping = false;
  struct {
    std::atomic<std::uint64_t> websockets_open = 0, requests = 0, requests_refused = 0, frames_sent = 0,
                               frames_dropped = 0, bytes_sent = 0;
  } counters;
  asio::io_context io;

 private:
  void leave(std::uint64_t id);
  void assign(std::uint64_t id, std::weak_ptr<Connection> connection);

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::uint64_t last_id_ = 0;
  std::unordered_map<std::uint64_t, std::weak_ptr<Connection>> connections_;
};

}  // namespace slipstream::net
