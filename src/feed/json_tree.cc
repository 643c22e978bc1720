#include "feed/json_tree.h"

#include <fmt/core.h>
#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

#include "core/json_writer.h"
#include "core/limits.h"
#include "feed/parse.h"

namespace slipstream::feed {
namespace {

using Kind = JsonTree::Kind;

void append_scalar(std::string& out, const JsonTree& value) {
  JsonWriter json(out);
  switch (value.kind()) {
    case Kind::text: json.value(*value.text()); return;
    case Kind::number: json.value(*value.number()); return;
    case Kind::boolean: json.value(*value.flag()); return;
    default: json.null(); return;
  }
}

using simdjson::dom::element;
using simdjson::dom::element_type;

const JsonTree missing_value;

}  // namespace

std::optional<std::size_t> index_of(std::string_view name) {
  std::size_t index = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), index);
  if (error != std::errc() || end != name.data() + name.size() || name.empty()) return std::nullopt;
  return index;
}

const JsonTree& JsonTree::operator[](std::string_view name) const {
  if (kind_ == Kind::list) {
    const auto index = index_of(name);
    return index ? (*this)[*index] : missing_value;
  }
  const auto found =
      std::ranges::find(members_, name, [](const auto& m) { return std::string_view(m.first); });
  return found == members_.end() ? missing_value : found->second;
}

const JsonTree& JsonTree::operator[](std::size_t index) const {
  if (kind_ == Kind::object) return (*this)[std::string_view(std::to_string(index))];
  return index < members_.size() ? members_[index].second : missing_value;
}

std::optional<std::string_view> JsonTree::text() const {
  if (kind_ != Kind::text) return std::nullopt;
  return text_;
}

std::optional<std::string_view> JsonTree::filled_text() const {
  if (kind_ != Kind::text || text_.empty()) return std::nullopt;
  return text_;
}

std::optional<double> JsonTree::number() const {
  if (kind_ == Kind::number) return number_;
  if (kind_ != Kind::text) return std::nullopt;
  const auto parsed = feed::parse_decimal(text_);
  return parsed ? std::optional(*parsed) : std::nullopt;
}

std::optional<std::int32_t> JsonTree::integer() const {
  const auto value = number();
  if (!value || std::fabs(*value) > 2e9 || *value != std::floor(*value)) return std::nullopt;
  return static_cast<std::int32_t>(*value);
}

std::optional<bool> JsonTree::flag() const {
  if (kind_ == Kind::boolean) return flag_;
  if (kind_ == Kind::number) return number_ != 0;
  if (kind_ != Kind::text) return std::nullopt;
  const auto parsed = feed::parse_flag(text_);
  return parsed ? std::optional(*parsed) : std::nullopt;
}

Result<void> JsonTree::merge(element change) { return merge_at_depth(change, 0); }

Result<void> JsonTree::merge_at_depth(element change, int depth) {
  if (depth > limits::json_depth_max) return fail(Errc::malformed, "nested too deeply");
  if (change.is_object()) return merge_object(change.get_object(), depth);
  if (change.is_array()) return replace_list(change.get_array(), depth);
  set_scalar(change);
  return {};
}

Result<void> JsonTree::merge_object(simdjson::dom::object change, int depth) {
  if (kind_ != Kind::object && kind_ != Kind::list) {
    *this = JsonTree();
    kind_ = Kind::object;
  }
  Result<void> result;
  for (const auto field : change) {
    if (field.key == "_kf") continue;
    if (field.key == "_deleted") {
      remove_named(field.value);
      continue;
    }
    auto member = member_for(field.key);
    Result<void> merged = member ? (*member)->merge_at_depth(field.value, depth + 1)
                                 : Result<void>(tl::make_unexpected(member.error()));
    if (!merged && result) result = tl::make_unexpected(with_context(std::move(merged.error()), field.key));
  }
  return result;
}

Result<void> JsonTree::replace_list(simdjson::dom::array change, int depth) {
  *this = JsonTree();
  kind_ = Kind::list;
  Result<void> result;
  for (const element item : change) {
    if (members_.size() >= limits::list_members_max) return fail(Errc::malformed, "list is too long");
    JsonTree& member = members_.emplace_back(std::string(), JsonTree()).second;
    auto merged = member.merge_at_depth(item, depth + 1);
    if (!merged && result) result = std::move(merged);
  }
  return result;
}

Result<JsonTree*> JsonTree::member_for(std::string_view name) {
  if (kind_ == Kind::object) {
    const auto found =
        std::ranges::find(members_, name, [](const auto& m) { return std::string_view(m.first); });
    if (found != members_.end()) return &found->second;
    if (members_.size() >= limits::list_members_max)
      return fail(Errc::malformed, "object has too many members");
    return &members_.emplace_back(std::string(name), JsonTree()).second;
  }
  const auto index = index_of(name);
  if (!index) return fail(Errc::malformed, "not an index of the list");
  if (*index >= limits::list_members_max) return fail(Errc::malformed, "index beyond the longest list");
  while (members_.size() <= *index)
    members_.emplace_back(std::string(), JsonTree()).second.kind_ = Kind::null;
  return &members_[*index].second;
}

void JsonTree::remove_named(element names) {
  for_each_member(names, [this](std::string_view, element item) {
    std::string_view name;
    if (item.get_string().get(name) != simdjson::SUCCESS) return;
    if (kind_ == Kind::object) {
      std::erase_if(members_, [name](const auto& member) { return member.first == name; });
    } else if (const auto index = index_of(name); index && *index < members_.size()) {
      members_[*index].second = JsonTree();
      members_[*index].second.kind_ = Kind::null;
    }
  });
}

void JsonTree::set_scalar(element value) {
  members_.clear();
  text_.clear();
  switch (value.type()) {
    case element_type::STRING:
      kind_ = Kind::text;
      text_.assign(std::string_view(value.get_string()));
      return;
    case element_type::BOOL:
      kind_ = Kind::boolean;
      flag_ = bool(value.get_bool());
      return;
    case element_type::NULL_VALUE: kind_ = Kind::null; return;
    default: break;
  }
  kind_ = Kind::number;
  if (value.get_double().get(number_) != simdjson::SUCCESS) number_ = 0;
}

void append_json(std::string& out, const JsonTree& value) {
  if (value.kind() != Kind::object && value.kind() != Kind::list) return append_scalar(out, value);
  const bool is_list = value.kind() == Kind::list;
  out += is_list ? '[' : '{';
  bool is_first = true;
  for (const auto& [name, member] : value.members()) {
    if (!std::exchange(is_first, false)) out += ',';
    if (!is_list) {
      append_json_string(out, name);
      out += ':';
    }
    append_json(out, member);
  }
  out += is_list ? ']' : '}';
}

}  // namespace slipstream::feed
