#include "feed/line_reader.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "feed/byte_order_mark.h"

namespace slipstream::feed {

LineReader::LineReader(ByteReader bytes, std::size_t chunk_bytes, std::size_t line_bytes_max, char line_end)
    : bytes_(std::move(bytes)),
      chunk_bytes_(chunk_bytes),
      line_bytes_max_(line_bytes_max),
      line_end_(line_end) {
  SLIP_CHECK(chunk_bytes > 0 && line_bytes_max > 0);
  // Most topics of a session are small: one byte more than the file shows its end with the first read.
  if (!bytes_.is_gzip()) {
    const auto file_bytes = static_cast<std::size_t>(bytes_.bytes_total()) + byte_order_mark.size() + 1;
    chunk_bytes_ = std::min(chunk_bytes_, file_bytes);
  }
}

// Reads the next chunk behind what is held; false at the end of the file.
Result<bool> LineReader::refill() {
  if (is_at_end_) return false;
  if (begin_ > 0) {
    std::memmove(buffer_.get(), buffer_.get() + begin_, held());
    scanned_ -= begin_;
    end_ -= begin_;
    begin_ = 0;
  }
  if (capacity_ - end_ < chunk_bytes_ && (capacity_ == 0 || end_ > capacity_ / 2)) {
    const std::size_t capacity = std::max(2 * capacity_, end_ + chunk_bytes_);
    auto buffer = std::make_unique_for_overwrite<char[]>(capacity);
    if (end_ > 0) std::memcpy(buffer.get(), buffer_.get(), end_);
    buffer_ = std::move(buffer);
    capacity_ = capacity;
  }
  const auto count = bytes_.read(buffer_.get() + end_, std::min(chunk_bytes_, capacity_ - end_));
  if (!count) return tl::make_unexpected(count.error());
  end_ += *count;
  is_at_end_ = *count == 0;
  return !is_at_end_;
}

void LineReader::drop_front(std::size_t count) {
  begin_ += count;
  begin_offset_ += static_cast<std::int64_t>(count);
  scanned_ = std::max(scanned_, begin_);
}

void LineReader::take_line(Line& line, std::size_t length, bool is_terminated) {
  line.text = std::string_view(buffer_.get() + begin_, length);
  line.offset = begin_offset_;
  line.is_terminated = is_terminated;
  line.is_too_long = false;
  if (line.text.ends_with('\r')) line.text.remove_suffix(1);
  drop_front(length + (is_terminated ? 1 : 0));
}

// Precondition: more than line_bytes_max_ bytes without a line end are held.
Result<bool> LineReader::skip_long_line(Line& line) {
  long_line_front_.assign(buffer_.get() + begin_, std::min(held(), limits::rejected_raw_bytes_max));
  line = Line{.text = long_line_front_, .offset = begin_offset_, .is_terminated = false, .is_too_long = true};
  for (;;) {
    const auto* const line_end =
        static_cast<const char*>(std::memchr(buffer_.get() + begin_, line_end_, held()));
    if (line_end != nullptr) {
      drop_front(static_cast<std::size_t>(line_end - (buffer_.get() + begin_)) + 1);
      line.is_terminated = true;
      return true;
    }
    drop_front(held());
    auto is_filled = refill();
    if (!is_filled) return is_filled;
    if (!*is_filled) return true;
  }
}

Result<bool> LineReader::next(Line& line) {
  if (std::exchange(is_at_start_, false)) {
    while (held() < byte_order_mark.size()) {
      auto is_filled = refill();
      if (!is_filled) return is_filled;
      if (!*is_filled) break;
    }
    if (std::string_view(buffer_.get(), held()).starts_with(byte_order_mark))
      drop_front(byte_order_mark.size());
  }
  for (;;) {
    const char* const front = buffer_.get() + scanned_;
    const auto* const line_end =
        end_ > scanned_ ? static_cast<const char*>(std::memchr(front, line_end_, end_ - scanned_)) : nullptr;
    if (line_end != nullptr) {
      scanned_ = static_cast<std::size_t>(line_end - buffer_.get());
      if (scanned_ - begin_ > line_bytes_max_) return skip_long_line(line);
      take_line(line, scanned_ - begin_, true);
      return true;
    }
    scanned_ = end_;
    if (held() > line_bytes_max_) return skip_long_line(line);
    auto is_filled = refill();
    if (!is_filled) return is_filled;
    if (*is_filled) continue;
    if (held() == 0) return false;
    take_line(line, held(), false);
    return true;
  }
}

}  // namespace slipstream::feed
