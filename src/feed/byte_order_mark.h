// The three bytes that F1's own files begin with (T8), and now and then a payload inside them (T7). Pure.
#pragma once

#include <string_view>

namespace slipstream::feed {

inline constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

inline std::string_view without_byte_order_mark(std::string_view text) {
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  return text;
}

}  // namespace slipstream::feed
