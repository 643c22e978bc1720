// What session this is, where it stands, and who drives in it.
#include <algorithm>
#include <charconv>
#include <utility>

#include "feed/session_kind.h"
#include "feed/source.h"
#include "session/folds.h"
#include "session/read.h"

namespace slipstream::session {
namespace {

// SessionInfo prints local times without offset; GmtOffset beside them says how far from UTC (L23).
optional<UtcTime> utc_of_local(const JsonTree& local, optional<Int> gmt_offset_s) {
  const auto time = utc_of(local);
  if (!time || !gmt_offset_s) return std::nullopt;
  return *time - std::chrono::seconds(*gmt_offset_s);
}

// "2025/2025-10-26_.../" -> 2025; else the year of the session's start.
optional<Int> season_of(const JsonTree& info) {
  for (const char* member : {"Path", "StartDate"}) {
    const auto text = info[member].filled_text();
    Int year = 0;
    if (!text || text->size() < 5) continue;
    const auto end = std::from_chars(text->data(), text->data() + 4, year).ptr;
    if (end == text->data() + 4 && year > 1949) return year;
  }
  return std::nullopt;
}

// The same change comes by SessionStatus and by SessionData, within a moment; in a recording either may be
// missing.
constexpr Int same_change_ms = 10'000;

bool is_known(const State& state, const StatusChange& change) {
  return std::ranges::any_of(state.log.session_status, [&](const StatusChange& known) {
    return known.status == change.status && known.is_from_session_data != change.is_from_session_data &&
           change.session_time_ms - known.session_time_ms < same_change_ms;
  });
}

void publish_status(State& state, Publisher& publisher) {
  const auto& log = state.log.session_status;
  for (std::size_t i = 0; i < log.size(); ++i) {
    record::SessionStatus row;
    row.message_number = static_cast<Int>(i);
    row.session_time_ms = log[i].session_time_ms;
    row.status = log[i].status;
    publisher.session_status.publish(row, publisher.at_ms, *publisher.output);
  }
  state.session.session_status = log.back().status;
  publish_session(state, publisher);
  publish_parts(state, publisher);
  drop_mini_sectors_before_start(state, publisher);
}

// False if it says nothing new.
bool take_status(State& state, StatusChange change) {
  auto& log = state.log.session_status;
  if (is_known(state, change) || (!log.empty() && log.back().status == change.status)) return false;
  if (change.status == "Finished") state.must_build_all_laps = true;  // laps of cars that stopped on track
  if (change.status == "Started") state.overtakes.take_start();
  state.has_result_change = true;
  log.push_back(std::move(change));
  state.is_last_status_of_snapshot = false;
  return true;
}

void take_part_hint(State& state, const Change& change, Int at_ms, Int part) {
  if (part < 1) return;  // QualifyingPart is 0 before the first
  state.part_hints.push_back({at_ms, part});
  if (!change.message.is_snapshot) return;
  // Who joins in the second part will not see it begin.
  auto& starts = state.log.part_starts_ms;
  while (part > 1 && starts.size() < static_cast<std::size_t>(part)) starts.push_back(at_ms);
}

bool takes_part(const State& state, Int driver_number) {
  const auto car = state.cars.find(driver_number);
  return car != state.cars.end() && car->second.is_taking_part;
}

}  // namespace

void take_zero(State& state, UtcTime zero, ZeroEvidence evidence) {
  const bool is_surer = evidence > state.zero_evidence;
  const bool is_later = evidence == state.zero_evidence && zero > *state.log.zero_date;
  if (!is_surer && !is_later) return;
  state.zero_evidence = evidence;
  if (state.log.zero_date == zero) return;
  state.log.zero_date = zero;
  state.session.zero_date = zero;
}

void publish_session(State& state, Publisher& publisher) {
  // Rows get their session key when they leave the engine: one that is learnt late must not begin a second
  // count.
  record::Session row = state.session;
  row.session_key = {};
  publisher.sessions.publish(row, publisher.at_ms, *publisher.output);
}

void fold_session_info(State& state, Publisher& publisher, const Change& change) {
  const JsonTree& info = change.merged;
  const JsonTree& meeting = info["Meeting"];
  record::Session& row = state.session;
  const auto key = info["Key"].integer();
  // The simulator says so of its sessions, whose keys are negative; F1 has no such member.
  const bool is_simulated = info["Simulated"].flag() == true;
  if (is_simulated) row.source_kind = feed::to_string(feed::SourceKind::simulated);
  const bool is_key = key && (is_simulated ? *key < 0 : *key > 0);  // Index.json has -1 for some (L21)
  if (is_key && !state.has_session_key) {
    row.session_key = SessionKey(*key);
    state.has_session_key = true;
  }
  row.meeting_key = meeting["Key"].integer();
  row.season_year = season_of(info);
  row.meeting_name = text_of(meeting["Name"]);
  row.meeting_official_name = text_of(meeting["OfficialName"]);
  row.session_name = text_of(info["Name"]);
  row.session_type = text_of(info["Type"]);
  const auto kind = feed::session_kind(row.season_year, row.session_type.value_or(""),
                                       row.session_name.value_or(""), row.meeting_name.value_or(""));
  row.session_kind = kind ? optional<std::string>(*kind) : std::nullopt;
  row.country_code = text_of(meeting["Country"]["Code"]);
  row.country_name = text_of(meeting["Country"]["Name"]);
  row.location = text_of(meeting["Location"]);
  row.circuit_key = meeting["Circuit"]["Key"].integer();
  row.circuit_short_name = text_of(meeting["Circuit"]["ShortName"]);
  if (const auto offset = info["GmtOffset"].filled_text()) {
    if (const auto seconds = parse_gmt_offset_s(*offset)) row.gmt_offset_s = *seconds;
  }
  state.log.gmt_offset_s = row.gmt_offset_s;
  row.start_date = utc_of_local(info["StartDate"], row.gmt_offset_s);
  row.end_date = utc_of_local(info["EndDate"], row.gmt_offset_s);
  const bool was_race_like = std::exchange(state.log.is_race_like, kind == "race" || kind == "sprint");
  if (was_race_like != state.log.is_race_like) state.count_laps_again();
  state.log.is_qualifying = kind == "qualifying" || kind == "sprint_qualifying";
  publish_session(state, publisher);
  publish_parts(state, publisher);
}

Int happened_at_ms(const State& state, const Change& change, optional<UtcTime> utc) {
  if (!utc || !state.log.zero_date) return change.session_time_ms();
  return std::min(change.session_time_ms(), static_cast<Int>((*utc - *state.log.zero_date).count()));
}

void fold_session_data(State& state, Publisher& publisher, const Change& change) {
  bool has_news = false;
  for_each_named(change.payload, "Series", [&](std::size_t index) {
    const JsonTree& entry = change.merged["Series"][index];
    if (const auto part = entry["QualifyingPart"].integer()) {
      take_part_hint(state, change, happened_at_ms(state, change, utc_of(entry["Utc"])), *part);
    }
  });
  simdjson::dom::element series;
  if (change.payload["StatusSeries"].get(series) != simdjson::SUCCESS) return;
  const bool is_history = series.is_array() || change.message.is_snapshot;
  // What a snapshot shows has begun some time before it; here may stand when.
  optional<StatusChange> shown;
  std::vector<StatusChange> told;
  for_each_named(change.payload, "StatusSeries", [&](std::size_t index) {
    const JsonTree& entry = change.merged["StatusSeries"][index];
    const auto utc = utc_of(entry["Utc"]);
    if (!is_history && utc) take_zero(state, *utc - change.message.session_time, ZeroEvidence::clock);
    const Int at_ms = is_history ? happened_at_ms(state, change, utc) : change.session_time_ms();
    if (auto status = text_of(entry["SessionStatus"])) told.push_back({at_ms, std::move(*status), true});
  });
  if (!told.empty() && state.is_last_status_of_snapshot) {
    shown = state.log.session_status.back();
    state.log.session_status.pop_back();
  }
  for (StatusChange& status : told) has_news = take_status(state, std::move(status)) || has_news;
  if (shown) {
    take_status(state, *shown);
    has_news = true;
  }
  if (has_news) publish_status(state, publisher);
}

void fold_session_status(State& state, Publisher& publisher, const Change& change) {
  auto status = text_of(change.merged["Status"]);
  if (!status) return;
  if (!take_status(state, {change.session_time_ms(), std::move(*status), false})) return;
  state.is_last_status_of_snapshot = change.message.is_snapshot;
  publish_status(state, publisher);
}

void publish_parts(State& state, Publisher& publisher) {
  const auto& kind = state.session.session_kind;
  const bool is_qualifying =
      kind ? *kind == "qualifying" || *kind == "sprint_qualifying" : !state.part_hints.empty();
  const auto parts = build_parts(state.log.session_status, state.part_hints, is_qualifying);
  Int next_number = 1;
  const auto withdraw_before = [&](Int part_number) {
    for (; next_number < part_number; ++next_number) {
      record::SessionPart gone;
      gone.part_number = next_number;
      publisher.session_parts.withdraw(gone, publisher.at_ms, *publisher.output);
    }
  };
  for (const record::SessionPart& part : parts) {
    withdraw_before(part.part_number);
    publisher.session_parts.publish(part, publisher.at_ms, *publisher.output);
    next_number = part.part_number + 1;
  }
}

void publish_driver(State& state, Publisher& publisher, Int driver_number) {
  const auto list = state.topics.find("DriverList");
  static const JsonTree no_list;
  const JsonTree& entry =
      (list == state.topics.end() ? no_list : list->second)[std::to_string(driver_number)];
  record::Driver row;
  row.driver_number = driver_number;
  row.driver_code = text_of(entry["Tla"]);
  row.given_name = text_of(entry["FirstName"]);
  row.family_name = text_of(entry["LastName"]);
  row.full_name = text_of(entry["FullName"]);
  row.broadcast_name = text_of(entry["BroadcastName"]);
  row.team_name = text_of(entry["TeamName"]);
  row.team_colour = text_of(entry["TeamColour"]);
  row.country_code = text_of(entry["CountryCode"]);
  row.reference = text_of(entry["Reference"]);
  row.headshot_url = text_of(entry["HeadshotUrl"]);
  row.line = entry["Line"].integer();
  CarState& car = state.car(driver_number);
  if (car.log.driver_code != row.driver_code || car.log.team_name != row.team_name) {
    car.log.driver_code = row.driver_code;
    car.log.team_name = row.team_name;
    state.must_build_all_laps = true;
  }
  publisher.drivers.publish(row, publisher.at_ms, *publisher.output);
}

void fold_driver_list(State& state, Publisher& publisher, const Change& change) {
  for_each_member(change.payload, [&](std::string_view name, simdjson::dom::element) {
    const auto number = index_of(name);
    // Support series leak into the list (D1): only who appears in TimingData takes part.
    if (number && takes_part(state, static_cast<Int>(*number))) {
      publish_driver(state, publisher, static_cast<Int>(*number));
    }
  });
}

}  // namespace slipstream::session
