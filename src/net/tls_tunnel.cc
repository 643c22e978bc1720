#include "net/tls_tunnel.h"

#include <fmt/format.h>
#include <sys/socket.h>
#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <optional>

#include "net/http_connection.h"

namespace slipstream::net {

using boost::system::error_code;

struct TlsContext {
  asio::ssl::context context{asio::ssl::context::tls_server};
};

namespace {

class TlsTunnel final : public Connection, public std::enable_shared_from_this<TlsTunnel> {
 public:
  TlsTunnel(std::shared_ptr<ServerCore> core, tcp::socket socket)
      : core_(std::move(core)),
        ticket_(core_->enter()),
        outer_(std::move(socket), core_->tls->context),
        inner_(outer_.get_executor()),
        timer_(outer_.get_executor()) {}

  void start(bool is_over_limit);
  void begin_stop() override;
  void abort() override;

 private:
  void on_handshake(bool is_over_limit);
  void pump_in();
  void pump_out();
  void end_outer();
  void limit(std::chrono::milliseconds time);
  void close();

  const std::shared_ptr<ServerCore> core_;
  std::optional<ServerCore::Ticket> ticket_;
  asio::ssl::stream<tcp::socket> outer_;
  asio::local::stream_protocol::socket inner_;
  asio::steady_timer timer_;
  std::array<char, 16u << 10> in_{}, out_{};
  bool is_shaken_ = false;
};

void TlsTunnel::start(bool is_over_limit) {
  ticket_->assign(weak_from_this());
  asio::dispatch(outer_.get_executor(), [self = shared_from_this(), is_over_limit] {
    error_code ignored;
    self->outer_.next_layer().set_option(tcp::no_delay(true), ignored);
    self->limit(self->core_->options.timeouts.header);
    self->outer_.async_handshake(asio::ssl::stream_base::server, [self, is_over_limit](error_code error) {
      if (error) return self->close();
      self->on_handshake(is_over_limit);
    });
  });
}

// Whose hands are shaken is ended by the connection inside.
void TlsTunnel::begin_stop() {
  asio::post(outer_.get_executor(), [self = shared_from_this()] {
    if (!self->is_shaken_) self->close();
  });
}

void TlsTunnel::abort() {
  asio::post(outer_.get_executor(), [self = shared_from_this()] { self->close(); });
}

void TlsTunnel::on_handshake(bool is_over_limit) {
  timer_.cancel();
  is_shaken_ = true;
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) return close();
  error_code error;
  inner_.assign(asio::local::stream_protocol(), ends[0], error);
  tcp::socket plain(asio::make_strand(core_->io));
  if (!error) plain.assign(tcp::v4(), ends[1], error);
  if (error) return close();
  start_http_connection(core_, std::move(plain), is_over_limit);
  pump_in();
  pump_out();
}

void TlsTunnel::pump_in() {
  outer_.async_read_some(asio::buffer(in_), [self = shared_from_this()](error_code error, std::size_t count) {
    error_code ignored;
    if (error) return void(self->inner_.shutdown(asio::socket_base::shutdown_send, ignored));
    asio::async_write(self->inner_, asio::buffer(self->in_.data(), count),
                      [self](error_code failure, std::size_t) {
                        if (!failure) self->pump_in();
                      });
  });
}

void TlsTunnel::pump_out() {
  inner_.async_read_some(asio::buffer(out_),
                         [self = shared_from_this()](error_code error, std::size_t count) {
                           if (error) return self->end_outer();
                           asio::async_write(self->outer_, asio::buffer(self->out_.data(), count),
                                             [self](error_code failure, std::size_t) {
                                               if (failure) return self->close();
                                               self->pump_out();
                                             });
                         });
}

void TlsTunnel::end_outer() {
  limit(core_->options.timeouts.stop);
  outer_.async_shutdown([self = shared_from_this()](error_code) { self->close(); });
}

void TlsTunnel::limit(std::chrono::milliseconds time) {
  timer_.expires_after(time);
  timer_.async_wait([self = shared_from_this()](error_code cancelled) {
    if (!cancelled) self->close();
  });
}

void TlsTunnel::close() {
  error_code ignored;
  timer_.cancel();
  inner_.close(ignored);
  outer_.next_layer().shutdown(tcp::socket::shutdown_both, ignored);
  outer_.next_layer().close(ignored);
  ticket_.reset();
}

}  // namespace

Result<std::shared_ptr<TlsContext>> make_tls_context(const TlsFiles& files) {
  auto tls = std::make_shared<TlsContext>();
  SSL_CTX_set_min_proto_version(tls->context.native_handle(), TLS1_2_VERSION);
  error_code error;
  tls->context.use_certificate_chain_file(files.certificate, error);
  if (error) {
    return fail(Errc::malformed, fmt::format("{}: no certificate in PEM that can be used: {}",
                                             files.certificate, error.message()));
  }
  tls->context.use_private_key_file(files.key, asio::ssl::context::pem, error);
  if (error) {
    return fail(Errc::malformed,
                fmt::format("{}: no key in PEM that fits the certificate: {}", files.key, error.message()));
  }
  return tls;
}

void start_tls_tunnel(std::shared_ptr<ServerCore> core, tcp::socket socket, bool is_over_limit) {
  std::make_shared<TlsTunnel>(std::move(core), std::move(socket))->start(is_over_limit);
}

}  // namespace slipstream::net
