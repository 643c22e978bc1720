#include "bus/segment.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "bus/crc32c.h"
#include "core/limits.h"

namespace slipstream::bus {
namespace {

static_assert(std::endian::native == std::endian::little);

constexpr std::string_view segment_magic = "slipseg1";
constexpr std::size_t body_fixed_size = 20;  // timestamp 8, key length 4, value length 4, header count 4
constexpr std::size_t header_fixed_size = 8;

class Writer {
 public:
  explicit Writer(char* at) : at_(at) {}
  template <class T>
  void number(T value) {
    std::memcpy(at_, &value, sizeof value);
    at_ += sizeof value;
  }
  void bytes(std::string_view text) {
    if (!text.empty()) std::memcpy(at_, text.data(), text.size());
    at_ += text.size();
  }

 private:
  char* at_;
};

class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}
  template <class T>
  T number() {
    T value{};
    const std::string_view text = bytes(sizeof value);
    if (is_good_) std::memcpy(&value, text.data(), sizeof value);
    return value;
  }
  std::string_view bytes(std::size_t size) {
    if (size > bytes_.size()) {
      is_good_ = false;
      return {};
    }
    const std::string_view text = bytes_.substr(0, size);
    bytes_.remove_prefix(size);
    return text;
  }
  std::size_t left() const { return bytes_.size(); }
  bool is_good() const { return is_good_; }

 private:
  std::string_view bytes_;
  bool is_good_ = true;
};

std::uint32_t u32(std::size_t size) { return static_cast<std::uint32_t>(size); }

FrameRead damaged(std::string_view reason) { return {FrameState::damaged, 0, {}, reason}; }

// The header in front of the first frame.
void scan_header(SegmentScan& scan, std::string_view& bytes) {
  const std::string expected = segment_header(scan.base_offset);
  const std::size_t size = std::min(bytes.size(), expected.size());
  if (bytes.substr(0, size) != std::string_view(expected).substr(0, size)) {
    scan.state = FrameState::damaged;
    scan.reason = "this is not the header of a segment with the file's name";
  } else if (size < expected.size()) {
    scan.state = FrameState::cut;
    scan.wanted = expected.size();
  } else {
    scan.position = static_cast<std::int64_t>(size);
    bytes.remove_prefix(size);
  }
}

}  // namespace

std::string_view InRecord::header(std::string_view name) const {
  for (const auto& [key, text] : headers) {
    if (key == name) return text;
  }
  return {};
}

std::string segment_header(std::int64_t base_offset) {
  std::string out(segment_header_size, '\0');
  Writer writer(out.data());
  writer.bytes(segment_magic);
  writer.number(base_offset);
  writer.number(crc32c(std::string_view(out).substr(0, segment_header_size - 4)));
  return out;
}

std::size_t body_size(const OutRecord& record) {
  std::size_t size = body_fixed_size + record.key.size() + record.value.size();
  for (const auto& [name, text] : record.headers) size += header_fixed_size + name.size() + text.size();
  return size;
}

void encode_frame(std::string& out, const OutRecord& record, std::int64_t offset) {
  const std::size_t size = body_size(record);
  SLIP_CHECK(size <= limits::record_bytes_max);
  const std::size_t start = out.size();
  out.resize(start + frame_header_size + size);
  char* const frame = out.data() + start;
  Writer body(frame + frame_header_size);
  body.number(record.timestamp_ms);
  body.number(u32(record.key.size()));
  body.number(u32(record.value.size()));
  body.number(u32(record.headers.size()));
  body.bytes(record.key);
  body.bytes(record.value);
  for (const auto& [name, text] : record.headers) {
    body.number(u32(name.size()));
    body.number(u32(text.size()));
    body.bytes(name);
    body.bytes(text);
  }
  Writer header(frame);
  header.number(u32(size));
  header.number(crc32c({frame + frame_header_size, size}));
  header.number(offset);
  header.number(crc32c({frame, frame_header_size - 4}));
}

bool decode_body(std::string_view body, InRecord& out) {
  Reader reader(body);
  out.timestamp_ms = reader.number<std::int64_t>();
  const auto key_size = reader.number<std::uint32_t>();
  const auto value_size = reader.number<std::uint32_t>();
  const auto header_count = reader.number<std::uint32_t>();
  out.key = reader.bytes(key_size);
  out.value = reader.bytes(value_size);
  out.headers.clear();
  // Before memory is taken: so many headers must at least be possible in what is left.
  if (!reader.is_good() || header_count > reader.left() / header_fixed_size) return false;
  out.headers.reserve(header_count);
  for (std::uint32_t i = 0; i < header_count && reader.is_good(); ++i) {
    const auto name_size = reader.number<std::uint32_t>();
    const auto text_size = reader.number<std::uint32_t>();
    const std::string_view name = reader.bytes(name_size);
    out.headers.emplace_back(name, reader.bytes(text_size));
  }
  return reader.is_good() && reader.left() == 0;
}

FrameRead read_frame(std::string_view bytes, std::int64_t offset, BodyCheck check) {
  if (bytes.size() < frame_header_size) return {FrameState::cut, frame_header_size, {}, {}};
  Reader reader(bytes.substr(0, frame_header_size));
  const auto size = reader.number<std::uint32_t>();
  const auto body_sum = reader.number<std::uint32_t>();
  const auto found_offset = reader.number<std::int64_t>();
  const auto header_sum = reader.number<std::uint32_t>();
  // The header has its own sum, so that a wrong length is damage and not taken for a record that was cut.
  if (header_sum != crc32c(bytes.substr(0, frame_header_size - 4))) {
    return damaged("the checksum of the record's header is wrong");
  }
  if (found_offset != offset) return damaged("the record has another offset");
  if (size > limits::record_bytes_max) return damaged("the record is longer than allowed");
  if (bytes.size() - frame_header_size < size) return {FrameState::cut, frame_header_size + size, {}, {}};
  const std::string_view body = bytes.substr(frame_header_size, size);
  if (check == BodyCheck::checksum && body_sum != crc32c(body)) {
    return damaged("the checksum of the record's body is wrong");
  }
  return {FrameState::whole, frame_header_size + size, body, {}};
}

IndexEntry SparseIndex::find(std::int64_t offset) const {
  const auto after =
      std::upper_bound(entries_.begin(), entries_.end(), offset,
                       [](std::int64_t wanted, const IndexEntry& e) { return wanted < e.offset; });
  SLIP_CHECK(after != entries_.begin());
  return *std::prev(after);
}

SegmentScan start_scan(std::int64_t base_offset) {
  SegmentScan scan;
  scan.base_offset = base_offset;
  scan.next_offset = base_offset;
  return scan;
}

void scan_more(SegmentScan& scan, std::string_view bytes) {
  if (bytes.empty()) return;
  scan.state = FrameState::whole;
  if (scan.position == 0) scan_header(scan, bytes);
  InRecord record;
  while (scan.state == FrameState::whole && !bytes.empty()) {
    const FrameRead frame = read_frame(bytes, scan.next_offset, BodyCheck::checksum);
    scan.state = frame.state;
    scan.wanted = frame.size;
    scan.reason = frame.reason;
    if (frame.state != FrameState::whole) return;
    if (!decode_body(frame.body, record)) {
      scan.state = FrameState::damaged;
      scan.reason = "the lengths in the record do not add up";
      return;
    }
    scan.index.add({scan.next_offset, scan.position});
    ++scan.next_offset;
    scan.position += static_cast<std::int64_t>(frame.size);
    bytes.remove_prefix(frame.size);
  }
}

}  // namespace slipstream::bus
