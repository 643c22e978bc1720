// What row structs are made of: the types of their members, and how a member becomes a column.
//
// Included by the headers of rows; `SLIP_COL` is for record/columns.h. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace slipstream::record {

using std::optional;
using Int = std::int32_t;
using Text = std::string;

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
