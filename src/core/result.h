// Errors as values. A fallible function returns Result<T>; nothing in slipstream throws.
//
// The code says what the caller can do, the message tells a person what happened and names the file,
// topic, offset or key it is about. Exceptions of libraries are caught in the adapter that calls them.
// Thread rule: values, no shared state.
#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>

namespace slipstream {

enum class Errc {
  malformed,    // set the record aside with its reason and go on: bad base64, unknown shape
  unsupported,  // refuse at start with a message: a schema version from the future
  not_found,    // take the empty path: a cleared lap time, no such session
  conflict,     // read again and decide: offset already loaded, log was recreated
  unavailable,  // keep what there is, retry with backoff: broker down, disk full, port in use
};

std::string_view to_string(Errc code);

struct Error {
  Errc code = Errc::malformed;
  std::string message;
};

template <class T>
using Result = tl::expected<T, Error>;

// Makes the error arm of any Result: `return fail(Errc::malformed, "...")`.
[[nodiscard]] tl::unexpected<Error> fail(Errc code, std::string message);

// Puts the place in front of an error's message: "topic TimingData line 812: bad base64".
[[nodiscard]] Error with_context(Error error, std::string_view place);

[[noreturn]] void check_failed(const char* expression, const char* file, int line);

}  // namespace slipstream

// Returns early with the error of `expression`, else goes on. For Result<void> and values not needed.
#define SLIP_TRY(expression)                                         \
  do {                                                               \
    if (auto slip_result_ = (expression); !slip_result_) {           \
      return ::tl::make_unexpected(std::move(slip_result_.error())); \
    }                                                                \
  } while (false)

// A promise of our own code; on in release. A broken one stops the process with its place.
#define SLIP_CHECK(condition) \
  ((condition) ? void() : ::slipstream::check_failed(#condition, __FILE__, __LINE__))
