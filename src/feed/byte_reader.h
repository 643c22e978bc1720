// The bytes of one file in one pass, unpacked on the way when the file is gzip (told by its first two bytes,
// not by its name). A damaged .gz is no error: its bytes end early and cut_reason() says why.
// Thread rule: one thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "core/result.h"

namespace slipstream::feed {

class ByteReader {
 public:
  // Errors: not_found, no such file; malformed, not a regular file; unavailable, it cannot be opened.
  static Result<ByteReader> open(const std::string& path);

  ByteReader(ByteReader&&) noexcept;
  ByteReader& operator=(ByteReader&&) noexcept;
  ~ByteReader();

  // Puts up to `size` bytes (> 0) at `out`; 0 at the end. Errors: unavailable, the message names the path.
  Result<std::size_t> read(char* out, std::size_t size);

  bool is_gzip() const { return gzip_ != nullptr; }
  // Why the bytes ended before the data did; empty if they did not.
  const std::string& cut_reason() const { return cut_reason_; }
  // Both count bytes as they lie on disk.
  std::int64_t bytes_read() const { return bytes_read_; }
  std::int64_t bytes_total() const { return bytes_total_; }

 private:
  struct Gzip;

  ByteReader();
  Result<std::size_t> read_file(char* out, std::size_t size);
  Result<bool> fill();
  Result<std::size_t> read_gzip(char* out, std::size_t size);
  Result<void> detect_gzip();
  void begin_next_member();
  void end_damaged();

  std::string path_;
  int file_ = -1;
  std::int64_t bytes_read_ = 0;
  std::int64_t bytes_total_ = 0;
  std::string cut_reason_;
  std::unique_ptr<Gzip> gzip_;
};

}  // namespace slipstream::feed
