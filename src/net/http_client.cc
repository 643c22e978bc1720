#include "net/http_client.h"

#include <fmt/format.h>
#include <algorithm>
#include <charconv>

#include "net/client_transfer.h"
#include "net/request_target.h"

namespace slipstream::net {
namespace {

constexpr std::string_view space = " \t\r\n";

std::string_view trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(space);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(space) - begin + 1);
}

// What libcurl's callbacks see of one transfer.
struct Transfer {
  CURL* curl = nullptr;
  const ClientRequest* request = nullptr;
  const std::stop_token* stop = nullptr;
  ClientAnswer answer = {};
  bool is_too_large = false;
};

std::size_t take_header(char* data, std::size_t size, std::size_t count, void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  const std::string_view line(data, size * count);
  const auto colon = line.find(':');
  if (colon != std::string_view::npos) {
    transfer.answer.headers.emplace_back(trimmed(line.substr(0, colon)), trimmed(line.substr(colon + 1)));
  }
  return size * count;
}

std::size_t take_body(char* data, std::size_t size, std::size_t count, void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  const std::string_view bytes(data, size * count);
  long status = 0;
  curl_easy_getinfo(transfer.curl, CURLINFO_RESPONSE_CODE, &status);
  if (transfer.request->on_body && (status == 200 || status == 206)) {
    transfer.answer.status = static_cast<int>(status);
    return transfer.request->on_body(transfer.answer, bytes) ? bytes.size() : 0;
  }
  auto& body = transfer.answer.body;
  transfer.is_too_large = body.size() + bytes.size() > transfer.request->body_bytes_max;
  if (transfer.is_too_large) return 0;
  body.append(bytes);
  return bytes.size();
}

int note_progress(void* user, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<Transfer*>(user)->stop->stop_requested() ? 1 : 0;
}

void set_method(CURL* curl, const ClientRequest& request) {
  if (request.method == "POST") {
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request.body.data());
  } else if (request.method == "HEAD") {
    curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
  } else if (request.method != "GET") {
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, request.method.c_str());
  }
}

CurlList header_lines(const ClientRequest& request) {
  CurlList lines;
  for (const auto& [name, value] : request.headers) {
    lines.reset(curl_slist_append(lines.release(), fmt::format("{}: {}", name, value).c_str()));
  }
  return lines;
}

}  // namespace

std::string_view ClientAnswer::header(std::string_view name) const {
  const auto found = std::find_if(headers.rbegin(), headers.rend(),
                                  [&](const auto& field) { return equals_ignoring_case(field.first, name); });
  return found == headers.rend() ? std::string_view() : std::string_view(found->second);
}

std::string_view ClientAnswer::cookie(std::string_view name) const {
  for (const auto& [field, value] : headers) {
    if (!equals_ignoring_case(field, "Set-Cookie")) continue;
    const std::string_view pair = std::string_view(value).substr(0, value.find(';'));
    const auto equals = pair.find('=');
    if (equals != std::string_view::npos && trimmed(pair.substr(0, equals)) == name) {
      return trimmed(pair.substr(equals + 1));
    }
  }
  return {};
}

std::optional<std::chrono::seconds> ClientAnswer::retry_after() const {
  const auto text = header("Retry-After");
  int seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (text.empty() || error != std::errc() || end != text.data() + text.size() || seconds < 0) return {};
  return std::chrono::seconds(std::min(seconds, 3600));
}

Result<ClientAnswer> fetch(const ClientRequest& request, const std::stop_token& stop) {
  SLIP_TRY(check_headers(request.headers));
  auto made = make_transfer(request.url, request.ca_file, request.connect_timeout);
  if (!made) return tl::make_unexpected(made.error());
  CURL* const curl = made->get();
  Transfer transfer{curl, &request, &stop};
  const CurlList lines = header_lines(request);
  set_method(curl, request);
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, lines.get());
  curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_header);
  curl_easy_setopt(curl, CURLOPT_HEADERDATA, &transfer);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &transfer);
  curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, note_progress);
  curl_easy_setopt(curl, CURLOPT_XFERINFODATA, &transfer);
  const auto silence = std::chrono::ceil<std::chrono::seconds>(request.silence).count();
  curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
  curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, std::max<long>(1, static_cast<long>(silence)));
  const CURLcode code = curl_easy_perform(curl);
  long status = 0;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  transfer.answer.status = static_cast<int>(status);
  if (transfer.is_too_large) {
    return fail(Errc::malformed, fmt::format("{}: the answer is larger than {} bytes", place_of(request.url),
                                             request.body_bytes_max));
  }
  if (stop.stop_requested()) return fail(Errc::unavailable, "stopped");
  if (code != CURLE_OK) return tl::make_unexpected(transfer_error(request.url, code));
  return std::move(transfer.answer);
}

}  // namespace slipstream::net
