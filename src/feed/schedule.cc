#include "feed/schedule.h"

#include <simdjson.h>
#include <algorithm>

#include "feed/byte_order_mark.h"

namespace slipstream::feed {
namespace {

using Json = simdjson::dom::element;

constexpr auto usual_length = std::chrono::hours(2);

std::string_view text_at(const Json& json, const char* pointer) {
  std::string_view text;
  return json.at_pointer(pointer).get(text) == simdjson::SUCCESS ? text : std::string_view();
}

std::optional<ScheduledSession> session_of(const Json& meeting, const Json& session) {
  ScheduledSession scheduled;
  scheduled.meeting_name = text_at(meeting, "/Name");
  scheduled.session_name = text_at(session, "/Name");
  const auto start = parse_utc(text_at(session, "/StartDate"));
  if (scheduled.session_name.empty() || !start) return std::nullopt;
  // Dates are those of the track's clock.
  scheduled.gmt_offset_s = parse_gmt_offset_s(text_at(session, "/GmtOffset")).value_or(0);
  const std::chrono::seconds offset(scheduled.gmt_offset_s);
  const auto end = parse_utc(text_at(session, "/EndDate"));
  scheduled.start = *start - offset;
  scheduled.end = end && *end > *start ? *end - offset : scheduled.start + usual_length;
  return scheduled;
}

}  // namespace

Result<std::vector<ScheduledSession>> parse_schedule(std::string_view index_json) {
  const std::string_view text = without_byte_order_mark(index_json);
  simdjson::dom::parser parser;
  simdjson::dom::array meetings;
  if (parser.parse(text.data(), text.size())["Meetings"].get(meetings) != simdjson::SUCCESS) {
    return fail(Errc::malformed, "not a list of meetings");
  }
  std::vector<ScheduledSession> schedule;
  for (const Json meeting : meetings) {
    simdjson::dom::array sessions;
    if (meeting.at_pointer("/Sessions").get(sessions) != simdjson::SUCCESS) continue;
    for (const Json session : sessions) {
      if (auto scheduled = session_of(meeting, session)) schedule.push_back(std::move(*scheduled));
    }
  }
  std::ranges::stable_sort(schedule, {}, &ScheduledSession::start);
  return schedule;
}

const ScheduledSession* next_session(const std::vector<ScheduledSession>& schedule, UtcTime now) {
  const auto found =
      std::ranges::find_if(schedule, [now](const ScheduledSession& session) { return session.end > now; });
  return found == schedule.end() ? nullptr : &*found;
}

}  // namespace slipstream::feed
