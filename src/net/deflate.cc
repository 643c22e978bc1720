#include "net/deflate.h"

#include <zlib.h>
#include <algorithm>

namespace slipstream::net {
namespace {

// Below this a frame fits in one packet with or without compression.
constexpr std::size_t deflate_bytes_min = 512;
// Every frame is deflated once for all its viewers, so the time hardly counts: a delta frame of 20 cars
// (3.2 kB) takes 18 us and leaves 21 %; level 1 would take 11 us and leave 24 %.
constexpr int deflate_level = 6;
constexpr int raw_window_bits = -15;
// What a sync flush ends with; left out on the wire (RFC 7692, 7.2.1).
constexpr std::string_view sync_tail("\x00\x00\xff\xff", 4);

Bytef* zlib_bytes(const char* data) { return reinterpret_cast<Bytef*>(const_cast<char*>(data)); }

}  // namespace

Result<std::string> inflate_message(std::string_view payload, std::size_t bytes_max) {
  z_stream stream{};
  if (inflateInit2(&stream, raw_window_bits) != Z_OK) return fail(Errc::unavailable, "no memory to inflate");
  const std::unique_ptr<z_stream, decltype(&inflateEnd)> guard(&stream, inflateEnd);
  std::string input(payload);
  input += sync_tail;
  std::string out;
  std::array<char, 4096> block{};
  stream.next_in = zlib_bytes(input.data());
  stream.avail_in = static_cast<uInt>(input.size());
  int code = Z_OK;
  while (code == Z_OK) {
    stream.next_out = zlib_bytes(block.data());
    stream.avail_out = static_cast<uInt>(block.size());
    code = ::inflate(&stream, Z_SYNC_FLUSH);
    out.append(block.data(), block.size() - stream.avail_out);
    if (out.size() > bytes_max) return fail(Errc::unsupported, "message is too large when inflated");
    if (stream.avail_in == 0 && stream.avail_out > 0) break;
  }
  // A client may end its message with a final block and an empty byte (RFC 7692, 7.2.3.4); the tail is left
  // over then, and nothing else may be.
  const bool is_final = code == Z_STREAM_END && stream.avail_in <= sync_tail.size() + 1;
  // Bit 7: between two blocks. A message that was cut ends inside one.
  const bool is_flushed =
      code != Z_STREAM_END && code != Z_DATA_ERROR && stream.avail_in == 0 && (stream.data_type & 128) != 0;
  if (!is_final && !is_flushed) return fail(Errc::malformed, "message cannot be inflated");
  return out;
}

struct FrameDeflater::Stream {
  z_stream z{};
  bool is_ready = deflateInit2(&z, deflate_level, Z_DEFLATED, raw_window_bits, 8, Z_DEFAULT_STRATEGY) == Z_OK;
  Stream() = default;
  ~Stream() {
    if (is_ready) deflateEnd(&z);
  }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;
};

FrameDeflater::FrameDeflater() : stream_(std::make_unique<Stream>()) {}
FrameDeflater::~FrameDeflater() = default;

std::shared_ptr<const std::string> FrameDeflater::deflate(const std::shared_ptr<const std::string>& frame) {
  if (frame->size() < deflate_bytes_min) return nullptr;
  const std::scoped_lock lock(mutex_);
  const auto known = std::find_if(entries_.begin(), entries_.end(), [&](const Entry& entry) {
    return entry.address == frame.get() && !entry.frame.owner_before(frame) &&
           !frame.owner_before(entry.frame);
  });
  if (known != entries_.end()) return known->payload;
  auto payload = compress(*frame);
  entries_[next_] = {frame, frame.get(), payload};
  next_ = (next_ + 1) % entries_.size();
  return payload;
}

std::shared_ptr<const std::string> FrameDeflater::compress(const std::string& frame) {
  z_stream& z = stream_->z;
  if (!stream_->is_ready || deflateReset(&z) != Z_OK) return nullptr;
  auto payload = std::make_shared<std::string>(deflateBound(&z, frame.size()) + 16, '\0');
  z.next_in = zlib_bytes(frame.data());
  z.avail_in = static_cast<uInt>(frame.size());
  z.next_out = zlib_bytes(payload->data());
  z.avail_out = static_cast<uInt>(payload->size());
  if (::deflate(&z, Z_SYNC_FLUSH) != Z_OK || z.avail_in != 0 || z.avail_out == 0) return nullptr;
  payload->resize(payload->size() - z.avail_out);
  if (!payload->ends_with(sync_tail)) return nullptr;
  payload->resize(payload->size() - sync_tail.size());
  if (payload->size() >= frame.size()) return nullptr;
  payload->shrink_to_fit();
  return payload;
}

}  // namespace slipstream::net
