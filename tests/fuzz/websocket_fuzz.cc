// What a browser sends over a WebSocket: no bytes crash the reader, and where the network cuts them makes no
// difference.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <fmt/core.h>

#include "core/result.h"
#include "net/websocket_frame.h"

using namespace slipstream;

namespace {

constexpr std::size_t message_bytes_max = 4096;

// Everything that the reader said, as text.
std::string read_in_pieces(std::string_view bytes, bool is_deflate_on, std::size_t piece) {
  net::FrameReader reader(is_deflate_on, message_bytes_max);
  std::string said;
  const auto on_event = [&](const net::FrameReader::Event& event) {
    SLIP_CHECK(event.payload.size() <= message_bytes_max);
    said += fmt::format("{} {} {}\n", static_cast<int>(event.opcode), event.close_code, event.payload);
    return true;
  };
  while (!bytes.empty()) {
    const std::string_view part = bytes.substr(0, piece);
    bytes.remove_prefix(part.size());
    if (const auto code = reader.read(part, on_event)) said += fmt::format("failed {}\n", *code);
  }
  return said;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const bool is_deflate_on = (data[0] & 1) != 0;
  const std::string whole = read_in_pieces(bytes, is_deflate_on, size);
  SLIP_CHECK(read_in_pieces(bytes, is_deflate_on, 1) == whole);
  SLIP_CHECK(read_in_pieces(bytes, is_deflate_on, 1 + data[0] / 2U) == whole);
  (void)net::offers_deflate(bytes);
  (void)net::websocket_accept(bytes);
  return 0;
}
