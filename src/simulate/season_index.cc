#include "simulate/season_index.h"

#include <simdjson.h>

#include <algorithm>
#include <tuple>

#include "core/json_writer.h"

namespace slipstream::simulate {
namespace {

constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";

void append_member(std::string& out, std::string_view name, const feed::JsonTree& value) {
  if (!out.empty()) out += ',';
  append_json_string(out, name);
  out += ':';
  feed::append_json(out, value);
}

std::string text_of(const feed::JsonTree& value) { return std::string(value.text().value_or("")); }

}  // namespace

Result<void> SeasonIndex::add_index(std::string_view json) {
  if (json.starts_with(byte_order_mark)) json.remove_prefix(byte_order_mark.size());
  simdjson::dom::parser parser;
  simdjson::dom::element value;
  feed::JsonTree index;
  if (parser.parse(simdjson::padded_string(json)).get(value) == simdjson::SUCCESS)
    static_cast<void>(index.merge(value));
  if (index["Meetings"].kind() != feed::JsonTree::Kind::list)
    return fail(Errc::malformed, "not a list of meetings");
  for (const auto& [ignored, meeting] : index["Meetings"].members()) {
    for (const auto& [number, session] : meeting["Sessions"].members()) add(meeting, session);
  }
  return {};
}

void SeasonIndex::add_session(const feed::JsonTree& info) { add(info["Meeting"], info); }

void SeasonIndex::add(const feed::JsonTree& meeting, const feed::JsonTree& session) {
  std::string key;
  feed::append_json(key, meeting["Key"]);
  const std::string path = text_of(session["Path"]);
  for (Meeting& known : meetings_)
    std::erase_if(known.sessions, [&](const Session& other) { return !path.empty() && other.path == path; });
  std::erase_if(meetings_, [&](const Meeting& known) { return known.sessions.empty() && known.key != key; });
  auto known = std::ranges::find(meetings_, key, &Meeting::key);
  if (known == meetings_.end()) known = meetings_.insert(known, Meeting{key, {}, {}});
  known->members.clear();
  for (const auto& [name, value] : meeting.members()) {
    if (name != "Sessions") append_member(known->members, name, value);
  }
  std::string members;
  for (const std::string_view name :
       {"Key", "Type", "Number", "Name", "StartDate", "EndDate", "GmtOffset", "Path"}) {
    if (!session[name].is_missing()) append_member(members, name, session[name]);
  }
  known->sessions.push_back({path, text_of(session["StartDate"]), "{" + members + "}"});
}

std::string SeasonIndex::json(std::string_view year) const {
  std::vector<Meeting> meetings = meetings_;
  const auto by_date = [](const Session& session) { return std::tie(session.start, session.path); };
  for (Meeting& meeting : meetings) std::ranges::sort(meeting.sessions, {}, by_date);
  std::ranges::stable_sort(meetings, {},
                           [](const Meeting& meeting) { return meeting.sessions.front().start; });
  std::string text(byte_order_mark);
  JsonWriter out(text);
  out.begin_object().key("Year").raw(year).key("Meetings").begin_array();
  for (const Meeting& meeting : meetings) {
    out.begin_object().key("Sessions").begin_array();
    for (const Session& session : meeting.sessions) out.raw(session.json);
    out.end_array();
    if (!meeting.members.empty()) text += ',' + meeting.members;
    out.end_object();
  }
  out.end_array().end_object();
  return text;
}

}  // namespace slipstream::simulate
