// The parts of an HTTP request that are read from text: nothing crashes, and no accepted path leaves its
// folder.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/result.h"
#include "net/request_target.h"

using namespace slipstream;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto target = net::parse_target(text)) {
    const std::string path = target->path + "/";
    SLIP_CHECK(path.find("/../") == std::string::npos && path.find('\0') == std::string::npos);
  }
  (void)net::etag_matches(text, "\"a\"");
  (void)net::accepts_gzip(text);
  (void)net::has_token(text, "upgrade");
  return 0;
}
