#include "net/http_connection.h"

#include <fmt/format.h>
#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <optional>

#include "core/limits.h"
#include "net/request_target.h"
#include "net/response_head.h"
#include "net/websocket_connection.h"
#include "net/websocket_frame.h"

namespace slipstream::net {
namespace {

namespace beast = boost::beast;
namespace http = boost::beast::http;
using boost::system::error_code;
using Parser = http::request_parser<http::string_body>;

std::string_view view(boost::core::string_view text) { return {text.data(), text.size()}; }

class HttpConnection final : public Connection, public std::enable_shared_from_this<HttpConnection> {
 public:
  HttpConnection(std::shared_ptr<ServerCore> core, tcp::socket socket)
      : core_(std::move(core)), ticket_(core_->enter()), stream_(std::move(socket)) {}

  void start(bool is_over_limit);
  void begin_stop() override;
  void abort() override;

 private:
  enum class State { waiting, answering, lingering, closed };

  void wait_for_request();
  void read_header();
  void on_header(error_code error);
  void read_body();
  void on_body(error_code error);
  void handle();
  void handle_upgrade();
  void write_answer();
  void after_answer();
  void linger();
  void finish();

  std::optional<Response> check_header();
  std::optional<Response> check_upgrade(std::string_view& extra) const;
  void refuse_unreadable(error_code error);
  void refuse(Response response, std::string_view extra = {});
  void answer(Response response, std::string_view extra = {});
  std::string_view header(http::field name) const { return view(parser_->get()[name]); }

  const std::shared_ptr<ServerCore> core_;
  ServerCore::Ticket ticket_;
  beast::tcp_stream stream_;
  beast::flat_buffer buffer_{64u << 10};
  std::optional<Parser> parser_;
  State state_ = State::waiting;
  bool keeps_alive_ = false;
  bool is_head_request_ = false;
  Authority host_;
  Request request_;
  std::string answer_head_;
  std::shared_ptr<const std::string> answer_body_;
  std::size_t answer_sent_ = 0;
};

void HttpConnection::start(bool is_over_limit) {
  ticket_.assign(weak_from_this());
  asio::dispatch(stream_.get_executor(), [self = shared_from_this(), is_over_limit] {
    if (is_over_limit) {
      return self->refuse(Response::error(503, "too many connections; try again later"),
                          "Retry-After: 5\r\n");
    }
    self->read_header();
  });
}

void HttpConnection::begin_stop() {
  asio::post(stream_.get_executor(), [self = shared_from_this()] {
    if (self->state_ != State::answering) self->finish();
  });
}

void HttpConnection::abort() {
  asio::post(stream_.get_executor(), [self = shared_from_this()] { self->finish(); });
}

void HttpConnection::wait_for_request() {
  state_ = State::waiting;
  if (core_->is_stopping) return finish();
  if (buffer_.size() > 0) return read_header();  // pipelined
  stream_.expires_after(core_->options.timeouts.idle);
  stream_.async_read_some(buffer_.prepare(4096),
                          [self = shared_from_this()](error_code error, std::size_t count) {
                            if (error) return self->finish();
                            self->buffer_.commit(count);
                            self->read_header();
                          });
}

void HttpConnection::read_header() {
  if (core_->is_stopping) return finish();
  parser_.emplace();
  parser_->header_limit(limits::request_header_bytes_max);
  parser_->body_limit(limits::request_body_bytes_max);
  stream_.expires_after(core_->options.timeouts.header);
  http::async_read_header(
      stream_, buffer_, *parser_,
      [self = shared_from_this()](error_code error, std::size_t) { self->on_header(error); });
}

void HttpConnection::on_header(error_code error) {
  if (state_ == State::closed) return;
  if (error) return refuse_unreadable(error);
  request_ = {};
  is_head_request_ = parser_->get().method() == http::verb::head;
  if (auto refusal = check_header()) {
    const bool is_method = refusal->status == 405;
    return refuse(std::move(*refusal), is_method ? "Allow: GET, HEAD, POST\r\n" : "");
  }
  if (parser_->is_done()) return handle();
  if (!equals_ignoring_case(header(http::field::expect), "100-continue")) return read_body();
  answer_head_ = "HTTP/1.1 100 Continue\r\n\r\n";
  stream_.expires_after(core_->options.timeouts.write);
  // Fits in every socket buffer, so that one write is enough.
  stream_.async_write_some(asio::buffer(answer_head_),
                           [self = shared_from_this()](error_code failure, std::size_t) {
                             if (failure) return self->finish();
                             self->read_body();
                           });
}

void HttpConnection::read_body() {
  if (state_ == State::closed) return;
  stream_.expires_after(core_->options.timeouts.body);
  http::async_read(stream_, buffer_, *parser_,
                   [self = shared_from_this()](error_code error, std::size_t) { self->on_body(error); });
}

void HttpConnection::on_body(error_code error) {
  if (state_ == State::closed) return;
  if (error) return refuse_unreadable(error);
  request_.body = std::move(parser_->get().body());
  handle();
}

// What Beast could not read: the client went away, or it sent what is no request.
void HttpConnection::refuse_unreadable(error_code error) {
  static const auto& http_category = make_error_code(http::error::end_of_stream).category();
  const bool is_hang_up = error == http::error::end_of_stream || error == http::error::partial_message;
  if (error.category() != http_category || is_hang_up) return finish();
  if (error == http::error::header_limit || error == http::error::buffer_overflow) {
    return refuse(Response::error(431, "request head is too large"));
  }
  if (error == http::error::body_limit) return refuse(Response::error(413, "request body is too large"));
  if (error == http::error::bad_version) return refuse(Response::error(505, "only HTTP/1.0 and HTTP/1.1"));
  refuse(Response::error(400, fmt::format("malformed request: {}", error.message())));
}

std::optional<Response> HttpConnection::check_header() {
  const auto& message = parser_->get();
  if (message.count(http::field::host) > 1) return Response::error(400, "more than one Host header");
  auto target = parse_target(view(message.target()));
  if (!target) return Response::error(400, target.error().message);
  const auto host_text = target->authority.empty() ? header(http::field::host) : target->authority;
  const auto host = parse_authority(host_text);
  if (!host) return Response::error(400, "Host header is missing or malformed");
  host_ = *host;
  if (!core_->policy.allows_host(host_)) {
    return Response::error(421,
                           fmt::format("host {0} is not allowed; start with --allow-host {0}", host_.host));
  }
  const auto verb = message.method();
  const bool is_options = verb == http::verb::options && core_->options.takes_options;
  if (verb != http::verb::get && verb != http::verb::head && verb != http::verb::post && !is_options) {
    return Response::error(405, "only GET, HEAD and POST");
  }
  const auto origin = header(http::field::origin);
  if (verb == http::verb::post && message.count(http::field::origin) > 0 &&
      !core_->policy.allows_origin(origin, host_)) {
    return Response::error(403, fmt::format("origin {} is not allowed", origin));
  }
  request_.method = view(message.method_string());
  request_.path = std::move(target->path);
  request_.query = std::move(target->query);
  request_.if_none_match = header(http::field::if_none_match);
  request_.accepts_gzip = accepts_gzip(header(http::field::accept_encoding));
  for (const auto& field : message) {
    request_.headers.emplace_back(view(field.name_string()), view(field.value()));
  }
  return std::nullopt;
}

void HttpConnection::handle() {
  keeps_alive_ = parser_->get().keep_alive();
  const bool is_upgrade = equals_ignoring_case(header(http::field::upgrade), "websocket") &&
                          has_token(header(http::field::connection), "upgrade");
  if (is_upgrade && request_.method == "GET") return handle_upgrade();
  Response response;
  try {
    response =
        core_->handlers.on_request ? core_->handlers.on_request(request_) : Response::error(404, "not found");
  } catch (const std::exception&) {
    response = Response::error(500, "internal error");  // what() may name what a stranger should not read
  }
  const bool is_get = request_.method != "POST";
  if (is_get && response.status == 200 && etag_matches(request_.if_none_match, quoted_etag(response.etag))) {
    response.status = 304;
    response.body = nullptr;
  }
  answer(std::move(response));
}

// What is wrong with a WebSocket's request (RFC 6455, 4.2.1); nothing if it may be opened.
std::optional<Response> HttpConnection::check_upgrade(std::string_view& extra) const {
  const auto& message = parser_->get();
  const auto origin = header(http::field::origin);
  if (message.count(http::field::origin) > 0 && !core_->policy.allows_origin(origin, host_)) {
    return Response::error(403, fmt::format("origin {} is not allowed; start with --allow-host", origin));
  }
  if (!core_->handlers.accepts_websocket || !core_->handlers.accepts_websocket(request_)) {
    return Response::error(404, "no WebSocket here");
  }
  if (header(http::field::sec_websocket_version) != "13") {
    extra = "Sec-WebSocket-Version: 13\r\n";
    return Response::error(426, "only WebSocket version 13");
  }
  const bool has_key = !websocket_accept(header(http::field::sec_websocket_key)).empty();
  if (message.version() < 11 || !has_key) return Response::error(400, "malformed WebSocket request");
  return std::nullopt;
}

void HttpConnection::handle_upgrade() {
  std::string_view extra;
  if (auto refusal = check_upgrade(extra)) return refuse(std::move(*refusal), extra);
  const bool is_deflate_on =
      core_->options.offers_deflate && offers_deflate(header(http::field::sec_websocket_extensions));
  const auto accept = websocket_accept(header(http::field::sec_websocket_key));
  state_ = State::closed;
  ++core_->counters.requests;
  stream_.expires_never();
  const auto left_over = buffer_.cdata();
  WebSocketStart start{std::move(request_), upgrade_head(accept, is_deflate_on ? deflate_answer : ""),
                       std::string(static_cast<const char*>(left_over.data()), left_over.size()),
                       is_deflate_on};
  start_websocket_connection(core_, std::move(ticket_), stream_.release_socket(), std::move(start));
}

// An answer of the server itself, after which the connection ends: the rest of the request is not read.
void HttpConnection::refuse(Response response, std::string_view extra) {
  ++core_->counters.requests_refused;
  keeps_alive_ = false;
  answer(std::move(response), extra);
}

void HttpConnection::answer(Response response, std::string_view extra) {
  ++core_->counters.requests;
  state_ = State::answering;
  if (core_->is_stopping) keeps_alive_ = false;
  const bool has_length = response.status != 304 && response.status != 204;
  HeadOptions options{response.body ? response.body->size() : 0, has_length, keeps_alive_, extra};
  answer_head_ = response_head(response, options);
  answer_body_ = is_head_request_ ? nullptr : std::move(response.body);
  answer_sent_ = 0;
  write_answer();
}

// Piece by piece, so that the time limit is for the client's next bite and not for a large answer on a slow
// line.
void HttpConnection::write_answer() {
  std::array<asio::const_buffer, 2> buffers = {asio::buffer(answer_head_), asio::const_buffer()};
  if (answer_body_) buffers[1] = asio::buffer(*answer_body_);
  const auto head_sent = std::min(answer_sent_, answer_head_.size());
  buffers[0] += head_sent;
  buffers[1] += answer_sent_ - head_sent;
  if (buffers[0].size() + buffers[1].size() == 0) return after_answer();
  stream_.expires_after(core_->options.timeouts.write);
  stream_.async_write_some(buffers, [self = shared_from_this()](error_code error, std::size_t count) {
    if (error || self->state_ == State::closed) return self->finish();
    self->answer_sent_ += count;
    self->core_->counters.bytes_sent += count;
    self->write_answer();
  });
}

void HttpConnection::after_answer() {
  answer_body_ = nullptr;
  if (keeps_alive_ && !core_->is_stopping) return wait_for_request();
  linger();
}

// Closing with unread bytes makes the kernel send a reset, which can overtake the answer: end our side first
// and read on for a while.
void HttpConnection::linger() {
  error_code ignored;
  if (state_ != State::lingering) {
    stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
    stream_.expires_after(core_->options.timeouts.stop);
  }
  state_ = State::lingering;
  buffer_.clear();
  if (core_->is_stopping) return finish();
  stream_.async_read_some(buffer_.prepare(16u << 10),
                          [self = shared_from_this()](error_code error, std::size_t) {
                            if (error || self->state_ == State::closed) return self->finish();
                            self->linger();
                          });
}

void HttpConnection::finish() {
  if (state_ == State::closed) return;
  state_ = State::closed;
  error_code ignored;
  stream_.socket().shutdown(tcp::socket::shutdown_both, ignored);
  stream_.close();
}

}  // namespace

void start_http_connection(std::shared_ptr<ServerCore> core, tcp::socket socket, bool is_over_limit) {
  std::make_shared<HttpConnection>(std::move(core), std::move(socket))->start(is_over_limit);
}

}  // namespace slipstream::net
