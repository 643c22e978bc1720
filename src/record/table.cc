#include "record/table.h"

#include <algorithm>
#include <type_traits>

namespace slipstream::record {
namespace {

template <class T>
constexpr ColumnType type_of() {
  if constexpr (std::is_same_v<T, SessionKey> || std::is_same_v<T, std::int64_t>) return ColumnType::int64;
  else if constexpr (std::is_same_v<T, Int>) return ColumnType::int32;
  else if constexpr (std::is_same_v<T, double>) return ColumnType::real;
  else if constexpr (std::is_same_v<T, bool>) return ColumnType::boolean;
  else if constexpr (std::is_same_v<T, UtcTime>) return ColumnType::date;
  else return ColumnType::text;
}

template <class T>
struct Unwrapped {
  using Type = T;
  static constexpr bool is_nullable = false;
};
template <class T>
struct Unwrapped<std::optional<T>> {
  using Type = T;
  static constexpr bool is_nullable = true;
};

template <class Row, class Member>
ColumnSpec spec_of(const Column<Row, Member>& column) {
  return {column.name, type_of<typename Unwrapped<Member>::Type>(), column.is_key,
          Unwrapped<Member>::is_nullable};
}

template <class Row>
TableSpec make_spec() {
  TableSpec spec{Table<Row>::name, Table<Row>::bus_topic, {}};
  std::apply([&](const auto&... column) { (spec.columns.push_back(spec_of(column)), ...); },
             Table<Row>::columns);
  return spec;
}

template <class... Rows>
std::vector<TableSpec> make_specs(const std::variant<Rows...>*) {
  return {make_spec<Rows>()...};
}

}  // namespace

std::size_t TableSpec::key_count() const {
  return static_cast<std::size_t>(std::ranges::count_if(columns, &ColumnSpec::is_key));
}

std::span<const TableSpec> all_tables() {
  static const std::vector<TableSpec> specs = make_specs(static_cast<const AnyRow*>(nullptr));
  return specs;
}

const TableSpec* find_table(std::string_view name) {
  const auto specs = all_tables();
  const auto found = std::ranges::find(specs, name, &TableSpec::name);
  return found == specs.end() ? nullptr : &*found;
}

}  // namespace slipstream::record
