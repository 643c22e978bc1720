// A segment file of the embedded bus, damaged in any way: the scan never reads outside it, stops at what is
// not whole, and says the same however the bytes come in.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "bus/segment.h"
#include "core/result.h"

using namespace slipstream;

namespace {

bus::SegmentScan scan_in_pieces(std::string_view bytes, std::size_t piece) {
  bus::SegmentScan scan = bus::start_scan(0);
  std::size_t end = 0;
  do {
    end = std::min(bytes.size(), end + piece);
    const auto at = static_cast<std::size_t>(scan.position);
    bus::scan_more(scan, bytes.substr(at, end - at));
  } while (end < bytes.size() && scan.state != bus::FrameState::damaged);
  SLIP_CHECK(static_cast<std::size_t>(scan.position) <= bytes.size());
  return scan;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const bus::SegmentScan whole = scan_in_pieces(bytes, size + 1);
  const bus::SegmentScan pieces = scan_in_pieces(bytes, 1 + size / 7);
  SLIP_CHECK(whole.position == pieces.position && whole.next_offset == pieces.next_offset);
  std::size_t at = std::min<std::size_t>(bus::segment_header_size, static_cast<std::size_t>(whole.position));
  for (std::int64_t offset = 0; offset < whole.next_offset; ++offset) {
    const bus::FrameRead frame = bus::read_frame(bytes.substr(at), offset, bus::BodyCheck::checksum);
    SLIP_CHECK(frame.state == bus::FrameState::whole);
    bus::InRecord record;
    SLIP_CHECK(bus::decode_body(frame.body, record));
    at += frame.size;
  }
  SLIP_CHECK(at == static_cast<std::size_t>(whole.position));
  return 0;
}
