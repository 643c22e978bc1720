#include "net/response_head.h"

#include <fmt/format.h>
#include <array>
#include <ctime>

#include "core/json_writer.h"

namespace slipstream::net {
namespace {

// The page is one bundle of our own; nothing may be loaded from, sent to or framed by another host. 'self' of
// connect-src covers the WebSocket of the same origin (CSP 3). Styles that script sets are not "inline".
constexpr std::string_view security_headers =
    "Content-Security-Policy: default-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'\r\n"
    "X-Content-Type-Options: nosniff\r\n"
    "Referrer-Policy: no-referrer\r\n"
    "Cross-Origin-Opener-Policy: same-origin\r\n"
    "Cross-Origin-Resource-Policy: same-origin\r\n";

std::string_view reason_phrase(int status) {
  switch (status) {
    case 101: return "Switching Protocols";
    case 200: return "OK";
    case 201: return "Created";
    case 202: return "Accepted";
    case 204: return "No Content";
    case 206: return "Partial Content";
    case 304: return "Not Modified";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 409: return "Conflict";
    case 413: return "Content Too Large";
    case 416: return "Range Not Satisfiable";
    case 421: return "Misdirected Request";
    case 422: return "Unprocessable Content";
    case 426: return "Upgrade Required";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 500: return "Internal Server Error";
    case 503: return "Service Unavailable";
    case 505: return "HTTP Version Not Supported";
    default: return "Status";
  }
}

std::string date_now() {
  const std::time_t now = std::time(nullptr);
  std::tm utc{};
  gmtime_r(&now, &utc);
  // Not strftime's %a and %b: they follow the locale.
  constexpr std::array days = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                 "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  return fmt::format("{}, {:02} {} {} {:02}:{:02}:{:02} GMT", days[static_cast<std::size_t>(utc.tm_wday)],
                     utc.tm_mday, months[static_cast<std::size_t>(utc.tm_mon)], utc.tm_year + 1900,
                     utc.tm_hour, utc.tm_min, utc.tm_sec);
}

// A line end inside a value would start a header of somebody else's.
void append_header(std::string& out, std::string_view name, std::string_view value) {
  if (value.empty() || value.find_first_of("\r\n") != std::string_view::npos) return;
  fmt::format_to(std::back_inserter(out), "{}: {}\r\n", name, value);
}

}  // namespace

Response Response::text(int status, std::string_view content_type, std::string body) {
  Response response;
  response.status = status;
  response.content_type = content_type;
  response.body = std::make_shared<const std::string>(std::move(body));
  return response;
}

Response Response::error(int status, std::string_view message) {
  std::string body;
  JsonWriter json(body);
  json.begin_object().field("error", message).end_object();
  return text(status, "application/json", std::move(body));
}

std::string quoted_etag(std::string_view etag) {
  if (etag.empty() || etag.starts_with('"') || etag.starts_with("W/")) return std::string(etag);
  return fmt::format("\"{}\"", etag);
}

std::string response_head(const Response& response, const HeadOptions& options) {
  std::string head = fmt::format("HTTP/1.1 {} {}\r\n", response.status, reason_phrase(response.status));
  append_header(head, "Date", date_now());
  if (options.has_length) {
    if (options.content_length > 0) append_header(head, "Content-Type", response.content_type);
    append_header(head, "Content-Encoding", response.content_encoding);
    append_header(head, "Content-Length", fmt::format_int(options.content_length).str());
  }
  append_header(head, "ETag", quoted_etag(response.etag));
  append_header(head, "Cache-Control", response.cache_control);
  append_header(head, "Vary", "Accept-Encoding");
  for (const auto& [name, value] : response.headers) append_header(head, name, value);
  head += security_headers;
  head += options.extra;
  head += options.keeps_alive ? "Connection: keep-alive\r\n\r\n" : "Connection: close\r\n\r\n";
  return head;
}

std::string upgrade_head(std::string_view accept, std::string_view extensions) {
  std::string head = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n";
  append_header(head, "Sec-WebSocket-Accept", accept);
  append_header(head, "Sec-WebSocket-Extensions", extensions);
  head += security_headers;
  head += "\r\n";
  return head;
}

}  // namespace slipstream::net
