#include "feed/folded_text.h"

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <utility>
#include <vector>

namespace slipstream::feed {
namespace {

// Base letters of U+00C0..U+017F, "-" where there is none.
constexpr std::uint32_t accented_begin = 0xC0;
constexpr std::string_view accented_bases =
    "aaaaaaaceeeeiiiidnooooo-ouuuuytsaaaaaaaceeeeiiiidnooooo-ouuuuyty"
    "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkklllllll"
    "lllnnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";
static_assert(accented_bases.size() == 0x180 - accented_begin);

// The code point of the two bytes at `at`, 0 if they are none.
std::uint32_t two_byte_code(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) {
    return static_cast<std::uint32_t>(static_cast<unsigned char>(text[i]));
  };
  if (at + 1 >= text.size() || (byte(at) & 0xE0) != 0xC0 || (byte(at + 1) & 0xC0) != 0x80) return 0;
  return (byte(at) & 0x1F) << 6 | (byte(at + 1) & 0x3F);
}

constexpr bool is_combining(std::uint32_t code) { return code >= 0x300 && code < 0x370; }

}  // namespace

std::string folded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
      out += c;
    } else if (c >= 'A' && c <= 'Z') {
      out += static_cast<char>(c - 'A' + 'a');
    } else if (const std::uint32_t code = two_byte_code(text, i); code != 0) {
      const std::size_t base = code - accented_begin;
      if (code >= accented_begin && base < accented_bases.size()) {
        if (accented_bases[base] != '-') out += accented_bases[base];
      } else if (!is_combining(code)) {
        out.append(text.substr(i, 2));
      }
      ++i;
    } else if (static_cast<unsigned char>(c) >= 0x80) {
      out += c;
    }
  }
  return out;
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t exchanged = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({row[j] + 1, row[j + 1] + 1, exchanged});
    }
  }
  return row.back();
}

}  // namespace slipstream::feed
