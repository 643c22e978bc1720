// Records with any body under good checksums, which chance alone never makes: the scan takes those whose
// lengths add up, stops at the first that does not, takes memory only for what is there, and finds the place
// again wherever the file is cut or one byte of it is changed.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "bus/crc32c.h"
#include "bus/segment.h"
#include "core/result.h"

using namespace slipstream;

namespace {

template <class T>
void put(std::string& out, T value) {
  out.append(reinterpret_cast<const char*>(&value), sizeof value);
}

// A frame as encode_frame writes it, around a body that need not be one.
void put_frame(std::string& out, std::string_view body, std::int64_t offset) {
  std::string header;
  put(header, static_cast<std::uint32_t>(body.size()));
  put(header, bus::crc32c(body));
  put(header, offset);
  put(header, bus::crc32c(header));
  out.append(header).append(body);
}

std::uint8_t take_byte(std::string_view& input) {
  if (input.empty()) return 0;
  const auto byte = static_cast<std::uint8_t>(input.front());
  input.remove_prefix(1);
  return byte;
}

bus::SegmentScan scan_of(std::string_view bytes, std::int64_t base_offset) {
  bus::SegmentScan scan = bus::start_scan(base_offset);
  bus::scan_more(scan, bytes);
  return scan;
}

}  // namespace

// Input: base offset, place of the cut or change, the bit, then bodies with one byte of length in front of
// each.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::int64_t base_offset = take_byte(input);
  const std::size_t high = take_byte(input);
  const std::size_t place = high * 256 + take_byte(input);
  const int bit = take_byte(input) % 8;

  std::string bytes = bus::segment_header(base_offset);
  std::vector<std::size_t> ends = {
      0, bytes.size()};  // of all that is good: of nothing, of the header, of records
  bool is_good = true;
  for (std::int64_t offset = base_offset; !input.empty(); ++offset) {
    const std::size_t length = take_byte(input);
    const std::string_view body = input.substr(0, length);
    input.remove_prefix(body.size());
    put_frame(bytes, body, offset);
    bus::InRecord record;
    is_good = is_good && bus::decode_body(body, record);
    if (is_good) ends.push_back(bytes.size());
  }

  const bus::SegmentScan whole = scan_of(bytes, base_offset);
  SLIP_CHECK(static_cast<std::size_t>(whole.position) == ends.back());
  SLIP_CHECK(whole.next_offset == base_offset + static_cast<std::int64_t>(ends.size()) - 2);
  SLIP_CHECK(whole.state == (is_good ? bus::FrameState::whole : bus::FrameState::damaged));

  const std::size_t at = place % bytes.size();
  const auto last_end = static_cast<std::int64_t>(*std::prev(std::upper_bound(ends.begin(), ends.end(), at)));
  const bus::SegmentScan cut = scan_of(std::string_view(bytes).substr(0, at), base_offset);
  SLIP_CHECK(cut.position == last_end);
  bytes[at] = static_cast<char>(bytes[at] ^ (1 << bit));
  const bus::SegmentScan changed = scan_of(bytes, base_offset);
  SLIP_CHECK(changed.position == last_end && changed.state == bus::FrameState::damaged);
  return 0;
}
