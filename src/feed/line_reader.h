// Lines of a file, whatever ends them (LF, CRLF, the end of the file), without the byte order mark in front.
// Another character may end them: 0x1E the messages of SignalR Core, and '\0', which no text has, makes the
// file one line.
//
// Holds one chunk, or one line if that is longer; lines longer than limits::message_bytes_max are skipped and
// reported by their first bytes. Thread rule: one thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "core/limits.h"
#include "core/result.h"
#include "feed/byte_reader.h"

namespace slipstream::feed {

inline constexpr std::size_t read_chunk_bytes = 256u << 10;

struct Line {
  std::string_view text;      // without its end; valid until the next line is read
  std::int64_t offset = 0;    // of its first byte in the unpacked file
  bool is_terminated = true;  // false: the file ended before the line did
  bool is_too_long = false;   // text is only the front
};

class LineReader {
 public:
  explicit LineReader(ByteReader bytes, std::size_t chunk_bytes = read_chunk_bytes,
                      std::size_t line_bytes_max = limits::message_bytes_max, char line_end = '\n');

  // False at the end. Errors: those of ByteReader::read.
  Result<bool> next(Line& line);

  // Of the line to come, in the unpacked file.
  std::int64_t offset() const { return begin_offset_; }
  const ByteReader& bytes() const { return bytes_; }

 private:
  std::size_t held() const { return end_ - begin_; }
  Result<bool> refill();
  Result<bool> skip_long_line(Line& line);
  void take_line(Line& line, std::size_t length, bool is_terminated);
  void drop_front(std::size_t count);

  ByteReader bytes_;
  std::size_t chunk_bytes_;
  std::size_t line_bytes_max_;
  char line_end_;
  std::unique_ptr<char[]> buffer_;
  std::size_t capacity_ = 0;
  std::size_t begin_ = 0;    // of the line to come
  std::size_t scanned_ = 0;  // no line end in [begin_, scanned_)
  std::size_t end_ = 0;
  std::int64_t begin_offset_ = 0;  // of begin_ in the unpacked file
  bool is_at_end_ = false;
  bool is_at_start_ = true;
  std::string long_line_front_;
};

}  // namespace slipstream::feed
