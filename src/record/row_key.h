// The key of a row as a value that compares and hashes: the columns marked as key, in their order.
//
// Numbers and instants are themselves, a text is a hash of its bytes: keys that are equal are one row, but
// their order means something only where all parts are numbers. At most five parts. Pure.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <tuple>
#include <utility>

#include "record/rows.h"

namespace slipstream::record {

using RowKey = std::array<std::int64_t, 5>;

// FNV-1a, as a part of a key.
inline std::int64_t text_key(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return static_cast<std::int64_t>(hash);
}

namespace detail {

inline std::int64_t key_part(SessionKey v) { return v.value; }
inline std::int64_t key_part(std::int64_t v) { return v; }
inline std::int64_t key_part(Int v) { return v; }
inline std::int64_t key_part(UtcTime v) { return v.time_since_epoch().count(); }
inline std::int64_t key_part(const Text& v) { return text_key(v); }
inline std::int64_t key_part(const Word& v) { return text_key(v); }
template <class T>
std::int64_t key_part(const T&) = delete;

template <class Row, std::size_t I>
[[gnu::always_inline]] inline void put_key_part(const Row& row, RowKey& key, std::size_t& at) {
  constexpr auto column = std::get<I>(Table<Row>::columns);
  if constexpr (column.is_key) key[at++] = key_part(row.*(column.member));
}

// Inline, though it is long before it is optimised: every row of telemetry is counted by its key.
template <class Row, std::size_t... I>
[[gnu::always_inline]] inline RowKey row_key(const Row& row, std::index_sequence<I...>) {
  RowKey key{};
  std::size_t at = 0;
  (put_key_part<Row, I>(row, key, at), ...);
  return key;
}

template <class Row, std::size_t... I>
bool key_less(const Row& left, const Row& right, std::index_sequence<I...>) {
  int order = 0;
  const auto compare = [&]<std::size_t Index>(std::integral_constant<std::size_t, Index>) {
    constexpr auto column = std::get<Index>(Table<Row>::columns);
    if constexpr (column.is_key) {
      const auto& a = left.*(column.member);
      const auto& b = right.*(column.member);
      if (order == 0) order = a < b ? -1 : b < a ? 1 : 0;
    }
  };
  (compare(std::integral_constant<std::size_t, I>{}), ...);
  return order < 0;
}

}  // namespace detail

template <class Row>
[[gnu::always_inline]] inline RowKey row_key(const Row& row) {
  constexpr std::size_t count = std::tuple_size_v<decltype(Table<Row>::columns)>;
  return detail::row_key(row, std::make_index_sequence<count>{});
}

// The order of rows in files, texts by their bytes.
template <class Row>
bool key_less(const Row& left, const Row& right) {
  constexpr std::size_t count = std::tuple_size_v<decltype(Table<Row>::columns)>;
  return detail::key_less(left, right, std::make_index_sequence<count>{});
}

}  // namespace slipstream::record
