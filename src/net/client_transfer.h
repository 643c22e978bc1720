// What the HTTP and the WebSocket client share: libcurl's handle, its options, its errors. Only this module's
// files include it. Thread rule: one thread at a time.
#pragma once

#include <curl/curl.h>
#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/result.h"

namespace slipstream::net {

struct FreeCurl {
  void operator()(CURL* curl) const { curl_easy_cleanup(curl); }
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using Curl = std::unique_ptr<CURL, FreeCurl>;
using CurlList = std::unique_ptr<curl_slist, FreeCurl>;

using HeaderList = std::vector<std::pair<std::string, std::string>>;

// A handle with the options that every transfer has: HTTP/1.1, certificates verified (by `ca_file`, or if it
// is empty the system's), no signals, no redirects. Errors: malformed, the URL is none; unsupported, it is
// plain and its host is not this machine.
Result<Curl> make_transfer(const std::string& url, const std::string& ca_file,
                           std::chrono::milliseconds connect_timeout);

// "wss://host/x" -> "https://host/x"; others as they are.
std::string http_url(std::string_view url);
// Scheme, host and port of a URL, for messages: what stands behind may hold a token.
std::string place_of(std::string_view url);

// Errors: malformed, for a name or value with a line end in it.
Result<void> check_headers(const HeaderList& headers);

Error transfer_error(std::string_view url, CURLcode code);

}  // namespace slipstream::net
