// One line of an archive file, plain and packed: no bytes crash it, and what it accepts begins like a
// document.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/result.h"
#include "feed/archive_line.h"
#include "feed/payload.h"

using namespace slipstream;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static feed::Unpacker unpacker;
  const std::string_view line(reinterpret_cast<const char*>(data), size);
  const auto split = feed::split_archive_line(line);
  if (!split) return 0;
  for (const bool is_packed : {false, true}) {
    std::string payload;
    if (!feed::decode_payload(split->raw_payload, is_packed, unpacker, payload)) continue;
    SLIP_CHECK(feed::check_payload(payload).has_value());
    SLIP_CHECK(payload.capacity() >= payload.size() + feed::payload_padding_bytes);
  }
  return 0;
}
