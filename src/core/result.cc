#include "core/result.h"

#include <fmt/core.h>
#include <unistd.h>
#include <cstdlib>
#include <utility>

namespace slipstream {

std::string_view to_string(Errc code) {
  switch (code) {
    case Errc::malformed: return "malformed";
    case Errc::unsupported: return "unsupported";
    case Errc::not_found: return "not_found";
    case Errc::conflict: return "conflict";
    case Errc::unavailable: return "unavailable";
  }
  return "unknown";
}

tl::unexpected<Error> fail(Errc code, std::string message) {
  return tl::make_unexpected(Error{code, std::move(message)});
}

Error with_context(Error error, std::string_view place) {
  error.message = fmt::format("{}: {}", place, error.message);
  return error;
}

void check_failed(const char* expression, const char* file, int line) {
  const std::string text = fmt::format("slipstream: broken promise {} at {}:{}\n", expression, file, line);
  [[maybe_unused]] const auto written = ::write(STDERR_FILENO, text.data(), text.size());
  std::abort();
}

}  // namespace slipstream
