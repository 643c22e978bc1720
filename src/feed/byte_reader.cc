#include "feed/byte_reader.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

namespace slipstream::feed {
namespace {

// Packed bytes read at once.
constexpr std::size_t packed_bytes_max = 64u << 10;
// zlib: the largest window, gzip header expected.
constexpr int gzip_window_bits = 15 + 16;

}  // namespace

// zlib keeps a pointer to its stream, so this must not move.
struct ByteReader::Gzip {
  z_stream stream{};
  std::array<unsigned char, packed_bytes_max> packed{};
  bool is_file_at_end = false;
  bool is_first_member = true;
  bool is_member_done = false;  // the current member's checksum was right; another may follow
  bool is_done = false;

  ~Gzip() { inflateEnd(&stream); }
};

ByteReader::ByteReader() = default;

ByteReader::ByteReader(ByteReader&& other) noexcept
    : path_(std::move(other.path_)),
      file_(std::exchange(other.file_, -1)),
      bytes_read_(other.bytes_read_),
      bytes_total_(other.bytes_total_),
      cut_reason_(std::move(other.cut_reason_)),
      gzip_(std::move(other.gzip_)) {}

ByteReader& ByteReader::operator=(ByteReader&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(file_, other.file_);
  std::swap(bytes_read_, other.bytes_read_);
  std::swap(bytes_total_, other.bytes_total_);
  std::swap(cut_reason_, other.cut_reason_);
  std::swap(gzip_, other.gzip_);
  return *this;
}

ByteReader::~ByteReader() {
  if (file_ >= 0) ::close(file_);
}

Result<ByteReader> ByteReader::open(const std::string& path) {
  ByteReader reader;
  reader.path_ = path;
  // Non-blocking, so that a named pipe without a writer is refused below instead of waited for.
  reader.file_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (reader.file_ < 0) {
    if (errno == ENOENT || errno == ENOTDIR)
      return fail(Errc::not_found, fmt::format("{}: no such file", path));
    return fail(Errc::unavailable, fmt::format("{}: cannot open: {}", path, std::strerror(errno)));
  }
  struct stat status {};
  if (::fstat(reader.file_, &status) != 0 || !S_ISREG(status.st_mode)) {
    return fail(Errc::malformed, fmt::format("{}: not a regular file", path));
  }
  reader.bytes_total_ = status.st_size;
  SLIP_TRY(reader.detect_gzip());
  return reader;
}

Result<void> ByteReader::detect_gzip() {
  std::array<unsigned char, 2> magic{};
  const bool is_gzip =
      ::pread(file_, magic.data(), magic.size(), 0) == 2 && magic[0] == 0x1f && magic[1] == 0x8b;
  if (!is_gzip) return {};
  gzip_ = std::make_unique<Gzip>();
  if (inflateInit2(&gzip_->stream, gzip_window_bits) != Z_OK) {
    return fail(Errc::unavailable, fmt::format("{}: zlib does not start", path_));
  }
  return {};
}

Result<std::size_t> ByteReader::read(char* out, std::size_t size) {
  return gzip_ ? read_gzip(out, size) : read_file(out, size);
}

Result<std::size_t> ByteReader::read_file(char* out, std::size_t size) {
  for (;;) {
    const ::ssize_t count = ::read(file_, out, size);
    if (count >= 0) {
      bytes_read_ += count;
      return static_cast<std::size_t>(count);
    }
    if (errno == EINTR) continue;
    return fail(Errc::unavailable, fmt::format("{}: cannot read: {}", path_, std::strerror(errno)));
  }
}

// True if there are packed bytes to work on.
Result<bool> ByteReader::fill() {
  Gzip& gzip = *gzip_;
  if (gzip.stream.avail_in > 0) return true;
  if (gzip.is_file_at_end) return false;
  const auto count = read_file(reinterpret_cast<char*>(gzip.packed.data()), gzip.packed.size());
  if (!count) return tl::make_unexpected(count.error());
  gzip.stream.next_in = gzip.packed.data();
  gzip.stream.avail_in = static_cast<uInt>(*count);
  gzip.is_file_at_end = *count == 0;
  return !gzip.is_file_at_end;
}

// A .gz may be several joined ones.
void ByteReader::begin_next_member() {
  Gzip& gzip = *gzip_;
  gzip.is_member_done = false;
  gzip.is_first_member = false;
  SLIP_CHECK(inflateReset(&gzip.stream) == Z_OK);
}

void ByteReader::end_damaged() {
  Gzip& gzip = *gzip_;
  gzip.is_done = true;
  if (!gzip.is_first_member && gzip.stream.total_out == 0) {
    cut_reason_ = "bytes that are not gzip follow behind the gzip data";
  } else {
    cut_reason_ = fmt::format("the gzip data is damaged ({})",
                              gzip.stream.msg != nullptr ? gzip.stream.msg : "unknown reason");
  }
}

Result<std::size_t> ByteReader::read_gzip(char* out, std::size_t size) {
  Gzip& gzip = *gzip_;
  while (!gzip.is_done) {
    const auto has_input = fill();
    if (!has_input) return tl::make_unexpected(has_input.error());
    if (!*has_input) {
      if (!gzip.is_member_done) cut_reason_ = "the gzip data is cut off";
      gzip.is_done = true;
      break;
    }
    if (gzip.is_member_done) begin_next_member();
    gzip.stream.next_out = reinterpret_cast<unsigned char*>(out);
    gzip.stream.avail_out = static_cast<uInt>(size);
    const int code = inflate(&gzip.stream, Z_NO_FLUSH);
    const std::size_t count = size - gzip.stream.avail_out;
    gzip.is_member_done = code == Z_STREAM_END;
    if (code != Z_OK && code != Z_STREAM_END && code != Z_BUF_ERROR) end_damaged();
    if (count > 0) return count;
  }
  return std::size_t{0};
}

}  // namespace slipstream::feed
