// Frames from sections: the snapshot, and the delta as what differs between two of them.
#include <algorithm>
#include <charconv>

#include "core/json_writer.h"
#include "serve/sections.h"

namespace slipstream::serve {
namespace {

constexpr std::array<std::string_view, static_cast<std::size_t>(Whole::count)> whole_names = {
    "player", "session",   "session_status", "session_part", "track_status",
    "clock",  "lap_count", "weather",        "timeline",     "battle"};

constexpr std::array<std::string_view, static_cast<std::size_t>(Numbered::count)> numbered_names = {
    "drivers", "rows", "cars", "results", "stints", "pit_stops", "penalties"};

void begin_frame(JsonWriter& json, std::string_view type, const FrameName& name) {
  json.begin_object().field("type", type).field("stream", name.stream).field("number", name.number);
}

void write_number_key(JsonWriter& json, std::int32_t number) {
  std::array<char, 12> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), number).ptr;
  json.key({text.data(), static_cast<std::size_t>(end - text.data())});
}

void write_entries(JsonWriter& json, const Sections::Entries& entries) {
  json.begin_object();
  for (const auto& [number, text] : entries) {
    write_number_key(json, number);
    json.raw(text);
  }
  json.end_object();
}

void write_item(JsonWriter& json, const record::RaceControl& row) {
  json.begin_object()
      .field("message_number", row.message_number)
      .field("session_time_ms", row.session_time_ms);
  json.field("category", row.category).field("flag", row.flag).field("scope", row.scope);
  json.field("sector_number", row.sector_number).field("driver_number", row.driver_number);
  json.field("lap_number", row.lap_number).field("message", row.message).end_object();
}

void write_item(JsonWriter& json, const record::TeamRadio& row) {
  json.begin_object()
      .field("message_number", row.message_number)
      .field("session_time_ms", row.session_time_ms);
  json.field("driver_number", row.driver_number).field("path", row.path).end_object();
}

template <class Row>
void write_list(JsonWriter& json, std::string_view name, const std::vector<const Row*>& rows,
                std::size_t from) {
  json.key(name).begin_array();
  for (std::size_t i = from; i < rows.size(); ++i) write_item(json, *rows[i]);
  json.end_array();
}

template <class Row>
bool is_appended(const std::vector<const Row*>& before, const std::vector<const Row*>& after) {
  return before.size() <= after.size() && std::equal(before.begin(), before.end(), after.begin());
}

template <class Row>
void write_appended(JsonWriter& json, std::string_view name, const std::vector<const Row*>& before,
                    const std::vector<const Row*>& after) {
  if (after.size() > before.size()) write_list(json, name, after, before.size());
}

const std::string* find(const Sections::Entries& entries, std::int32_t number) {
  const auto at =
      std::lower_bound(entries.begin(), entries.end(), number,
                       [](const auto& entry, std::int32_t wanted) { return entry.first < wanted; });
  return at != entries.end() && at->first == number ? &at->second : nullptr;
}

// Cars go without a word: the browser drops them by their time.
bool has_gone(const Sections& before, const Sections& after) {
  for (std::size_t i = 0; i < numbered_names.size(); ++i) {
    if (i == static_cast<std::size_t>(Numbered::cars)) continue;
    const Sections::Entries& there = after.numbered[i];
    const bool is_one_gone =
        std::any_of(before.numbered[i].begin(), before.numbered[i].end(),
                    [&there](const auto& entry) { return find(there, entry.first) == nullptr; });
    if (is_one_gone) return true;
  }
  return false;
}

// The entries that are new or another, each whole.
void write_changed(JsonWriter& json, std::string_view name, const Sections::Entries& before,
                   const Sections::Entries& after) {
  bool is_open = false;
  for (const auto& [number, text] : after) {
    const std::string* old = find(before, number);
    if (old != nullptr && *old == text) continue;
    if (!is_open) json.key(name).begin_object();
    is_open = true;
    write_number_key(json, number);
    json.raw(text);
  }
  if (is_open) json.end_object();
}

}  // namespace

std::string encode_snapshot(const FrameName& name, const Sections& sections) {
  std::string text;
  JsonWriter json(text);
  begin_frame(json, "snapshot", name);
  json.field("cursor_ms", sections.cursor_ms);
  for (std::size_t i = 0; i < whole_names.size(); ++i) json.key(whole_names[i]).raw(sections.whole[i]);
  for (std::size_t i = 0; i < numbered_names.size(); ++i) {
    json.key(numbered_names[i]);
    write_entries(json, sections.numbered[i]);
  }
  write_list(json, "race_control", sections.race_control, 0);
  write_list(json, "team_radio", sections.team_radio, 0);
  json.key("outline").raw(sections.outline ? std::string_view(*sections.outline) : "null");
  json.end_object();
  return text;
}

std::optional<std::string> encode_delta(const FrameName& name, const Sections& before,
                                        const Sections& after) {
  const bool can_say_it = after.cursor_ms >= before.cursor_ms &&
                          is_appended(before.race_control, after.race_control) &&
                          is_appended(before.team_radio, after.team_radio) && !has_gone(before, after);
  if (!can_say_it) return std::nullopt;
  std::string text;
  JsonWriter json(text);
  begin_frame(json, "delta", name);
  json.field("cursor_ms", after.cursor_ms);
  for (std::size_t i = 0; i < whole_names.size(); ++i) {
    if (before.whole[i] != after.whole[i]) json.key(whole_names[i]).raw(after.whole[i]);
  }
  for (std::size_t i = 0; i < numbered_names.size(); ++i)
    write_changed(json, numbered_names[i], before.numbered[i], after.numbered[i]);
  write_appended(json, "race_control", before.race_control, after.race_control);
  write_appended(json, "team_radio", before.team_radio, after.team_radio);
  if (before.outline != after.outline) {
    json.key("outline").raw(after.outline ? std::string_view(*after.outline) : "null");
  }
  json.end_object();
  return text;
}

std::string encode_waiting(std::string_view stream, bool is_catching_up) {
  std::string text;
  JsonWriter json(text);
  begin_frame(json, "waiting", {stream, 0});
  json.field("is_catching_up", is_catching_up);
  json.end_object();
  return text;
}

std::string encode_error(std::string_view message) {
  std::string text;
  JsonWriter json(text);
  json.begin_object().field("type", "error").field("message", message).end_object();
  return text;
}

}  // namespace slipstream::serve
