#include "net/client_transfer.h"

#include <fmt/format.h>

namespace slipstream::net {
namespace {

constexpr std::pair<std::string_view, std::string_view> schemes[] = {{"wss://", "https://"},
                                                                     {"ws://", "http://"}};

bool is_loopback(std::string_view host) {
  return host == "localhost" || host == "[::1]" || host.starts_with("127.");
}

std::string host_of(const std::string& url) {
  const std::unique_ptr<CURLU, decltype(&curl_url_cleanup)> parsed(curl_url(), curl_url_cleanup);
  char* host = nullptr;
  if (!parsed || curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(), 0) != CURLUE_OK) return {};
  if (curl_url_get(parsed.get(), CURLUPART_HOST, &host, 0) != CURLUE_OK) return {};
  std::string text = host;
  curl_free(host);
  return text;
}

// libcurl wants to be initialised once, before threads use it.
bool is_curl_ready() {
  static const bool is_ready = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
  return is_ready;
}

}  // namespace

std::string http_url(std::string_view url) {
  for (const auto& [scheme, instead] : schemes) {
    if (url.starts_with(scheme)) return std::string(instead).append(url.substr(scheme.size()));
  }
  return std::string(url);
}

std::string place_of(std::string_view url) {
  const auto scheme = url.find("://");
  const auto begin = scheme == std::string_view::npos ? 0 : scheme + 3;
  return std::string(url.substr(0, url.find_first_of("/?#", begin)));
}

Result<void> check_headers(const HeaderList& headers) {
  for (const auto& [name, value] : headers) {
    const bool is_split = value.find_first_of(std::string_view("\r\n\0", 3)) != std::string::npos;
    if (is_split) return fail(Errc::malformed, fmt::format("header {}: a line end in it", name));
  }
  return {};
}

Result<Curl> make_transfer(const std::string& url, const std::string& ca_file,
                           std::chrono::milliseconds connect_timeout) {
  const std::string address = http_url(url);
  const std::string host = host_of(address);
  const bool is_plain = address.starts_with("http://");
  if (host.empty() || (!is_plain && !address.starts_with("https://"))) {
    return fail(Errc::malformed,
                fmt::format("\"{}\" is no address; it has to begin with https:// or wss://", place_of(url)));
  }
  if (is_plain && !is_loopback(host)) {
    return fail(Errc::unsupported, fmt::format("{}: without TLS only this machine is spoken to; use https:// "
                                               "or wss://",
                                               place_of(url)));
  }
  Curl curl(is_curl_ready() ? curl_easy_init() : nullptr);
  if (!curl) return fail(Errc::unavailable, "libcurl cannot be initialised");
  CURL* const handle = curl.get();
  curl_easy_setopt(handle, CURLOPT_URL, address.c_str());
  curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(handle, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1);
  curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(handle, CURLOPT_TCP_NODELAY, 1L);
  curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(connect_timeout.count()));
  curl_easy_setopt(handle, CURLOPT_SSL_VERIFYPEER, 1L);
  curl_easy_setopt(handle, CURLOPT_SSL_VERIFYHOST, 2L);
  curl_easy_setopt(handle, CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2);
  if (!ca_file.empty()) curl_easy_setopt(handle, CURLOPT_CAINFO, ca_file.c_str());
  // A proxy of the environment is for the world outside.
  if (is_loopback(host)) curl_easy_setopt(handle, CURLOPT_PROXY, "");
  return curl;
}

Error transfer_error(std::string_view url, CURLcode code) {
  const auto text = fmt::format("{}: {}", place_of(url), curl_easy_strerror(code));
  const bool is_refused = code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CACERT_BADFILE;
  return {is_refused ? Errc::unsupported : Errc::unavailable, text};
}

}  // namespace slipstream::net
