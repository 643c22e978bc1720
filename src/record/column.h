// What row structs are made of: the types of their members, and how a member becomes a column.
//
// Included by the headers of rows; `SLIP_COL` is for record/columns.h. Pure.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace slipstream::record {

using std::optional;
using Int = std::int32_t;
using Text = std::string;

// A text of few bytes that lies in its row: rows of samples, of which a session has a million, say the same
// few words over and over, and are copied often. A longer text is cut, between two characters of UTF-8.
class Word {
 public:
  static constexpr std::size_t bytes_max = 15;

  constexpr Word() = default;
  explicit constexpr Word(std::string_view text) {
    std::size_t size = std::min(text.size(), bytes_max);
    const auto is_inside_character = [&] { return (static_cast<unsigned char>(text[size]) & 0xc0) == 0x80; };
    while (size > 0 && size < text.size() && is_inside_character()) --size;
    std::copy_n(text.begin(), size, bytes_.begin());
    size_ = static_cast<std::uint8_t>(size);
  }
  constexpr Word& operator=(std::string_view text) { return *this = Word(text); }

  constexpr std::string_view text() const { return {bytes_.data(), size_}; }
  constexpr operator std::string_view() const { return text(); }
  constexpr bool empty() const { return size_ == 0; }
  // The bytes behind the text are zero: two comparisons of numbers, where a string's is a call.
  constexpr bool operator==(const Word& other) const { return halves() == other.halves(); }
  friend constexpr bool operator==(const Word& word, std::string_view other) { return word.text() == other; }
  friend constexpr bool operator<(const Word& a, const Word& b) { return a.text() < b.text(); }

 private:
  constexpr std::array<std::uint64_t, 2> halves() const {
    return std::bit_cast<std::array<std::uint64_t, 2>>(*this);
  }

  std::array<char, bytes_max> bytes_{};
  std::uint8_t size_ = 0;
};

template <class Row, class Member>
struct Column {
  std::string_view name;
  Member Row::*member;
  bool is_key;
};

template <class Row, class Member>
constexpr Column<Row, Member> key(std::string_view name, Member Row::*member) {
  return {name, member, true};
}
template <class Row, class Member>
constexpr Column<Row, Member> col(std::string_view name, Member Row::*member) {
  return {name, member, false};
}

// Inside a row struct: SLIP_COL(lap_time_ms) is the column "lap_time_ms" of the struct's member of that name.
#define SLIP_KEY(member) ::slipstream::record::key(#member, &Row::member)
#define SLIP_COL(member) ::slipstream::record::col(#member, &Row::member)

}  // namespace slipstream::record
