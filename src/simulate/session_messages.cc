// What session this is and where it stands.
#include <algorithm>

#include "core/json_writer.h"
#include "simulate/feed_log.h"
#include "simulate/feed_text.h"
#include "simulate/session_path.h"
#include "simulate/topics.h"

namespace slipstream::simulate {
namespace {

constexpr std::int32_t first_part_ms = 9'262, before_parts_ms = 3'797;

// What F1 calls the status that a session's red flag has, and its end.
std::string started_text(const std::string& status, const std::string& before) {
  if (status == "Started") return "Started";
  if (status == "Finished" || status == "Finalised" || status == "Ends") return "Finished";
  return before.empty() ? "Inactive" : before;
}

struct StatusAt {
  std::int32_t at_ms;
  std::string status;
};

std::vector<StatusAt> statuses(const FeedView& view) {
  std::vector<StatusAt> all;
  for (const record::SessionStatus& row : view.history->session_status)
    all.push_back({row.session_time_ms, row.status.value_or("")});
  return all;
}

std::string status_entry(const FeedView& view, std::int32_t at_ms, const char* name,
                         const std::string& value) {
  std::string json;
  JsonWriter(json).begin_object().field("Utc", feed_utc(view.date(at_ms))).field(name, value).end_object();
  return json;
}

std::string part_entry(const FeedView& view, std::int32_t at_ms, const char* name, int value) {
  std::string json;
  JsonWriter(json).begin_object().field("Utc", feed_utc(view.date(at_ms))).field(name, value).end_object();
  return json;
}

}  // namespace

void write_session_info(const FeedView& view, Script& script) {
  std::string json;
  const auto info = [&](const std::string& status, const char* archive_status) {
    json.clear();
    write_info_json(*view.history, status, archive_status, json);
    return json;
  };
  std::string last;
  const auto send = [&](std::int32_t at_ms, std::string payload) {
    if (payload == last) return;
    last = payload;
    script.messages.push_back({at_ms, "SessionInfo", std::move(payload)});
  };
  send(0, info("Inactive", "Generating"));
  for (const StatusAt& row : statuses(view)) {
    const bool is_told = row.status == "Started" || row.status == "Finalised";
    if (is_told) send(row.at_ms, info(row.status, "Generating"));
  }
  const auto all = statuses(view);
  script.keyframes.push_back({"SessionInfo", info(all.empty() ? "Inactive" : all.back().status, "Complete")});
}

void write_session_status(const FeedView& view, Script& script) {
  TopicLog log(script, "SessionStatus");
  std::string started;
  for (const StatusAt& row : statuses(view)) {
    started = started_text(row.status, started);
    log.document.set({"Status"}, row.status);
    log.document.set({"Started"}, started);
    // Both members come every time.
    if (!log.document.has_changed()) continue;
    (void)log.document.take_patch();
    script.messages.push_back({row.at_ms, "SessionStatus", log.document.keyframe()});
  }
  TopicLog archive(script, "ArchiveStatus");
  archive.document.set({"Status"}, "Generating");
  archive.send(0);
  archive.document.set({"Status"}, "Complete");
  (void)archive.document.take_patch();
}

void write_session_data(const FeedView& view, Script& script) {
  TopicLog log(script, "SessionData");
  Document& document = log.document;
  document.put({}, R"({"Series":[],"StatusSeries":[]})");
  log.send(0);
  Agenda agenda;
  int series = 0, status_series = 0;
  const auto add_series = [&](std::int32_t at_ms, const char* name, int value) {
    agenda.at(at_ms, 0, [&, at_ms, name, value] {
      document.put({"Series", index_text(series++)}, part_entry(view, at_ms, name, value));
    });
  };
  const auto add_status = [&](std::int32_t at_ms, const char* name, const std::string& value) {
    agenda.at(at_ms, 1, [&, at_ms, name, value] {
      document.put({"StatusSeries", index_text(status_series++)}, status_entry(view, at_ms, name, value));
    });
  };
  if (view.is_qualifying) {
    add_series(before_parts_ms, "QualifyingPart", 0);
    for (std::size_t n = 0; n < view.part_announced_ms.size(); ++n)
      add_series(std::max(first_part_ms, view.part_announced_ms[n]), "QualifyingPart",
                 static_cast<int>(n) + 1);
  }
  int lap = 0;
  for (const record::LapCount& row : view.history->lap_count) {
    if (!row.current_lap || *row.current_lap <= lap) continue;
    lap = *row.current_lap;
    add_series(row.session_time_ms, "Lap", lap);
  }
  for (const record::TrackStatus& row : view.history->track_status)
    add_status(row.session_time_ms, "TrackStatus", row.message.value_or(""));
  for (const StatusAt& row : statuses(view)) {
    if (row.at_ms > 0) add_status(row.at_ms, "SessionStatus", row.status);
  }
  agenda.run([&](std::int32_t at_ms) { log.send(at_ms); });
}

void write_clock(const FeedView& view, Script& script) {
  {
    TopicLog log(script, "ExtrapolatedClock");
    for (const record::SessionClock& row : view.history->clock) {
      // The date comes with every change, alone it is none.
      if (row.remaining_ms) log.document.set({"Remaining"}, feed_clock(*row.remaining_ms));
      if (row.is_extrapolating) log.document.set({"Extrapolating"}, *row.is_extrapolating);
      if (!log.document.has_changed()) continue;
      log.document.set({"Utc"}, feed_utc(row.clock_date.value_or(view.date(row.session_time_ms))));
      log.send(row.session_time_ms);
    }
  }
  TopicLog beat(script, "Heartbeat");
  constexpr std::int32_t beat_ms = 15'000;
  for (std::int32_t at_ms = beat_ms; at_ms <= view.history->end_ms; at_ms += beat_ms) {
    const std::int64_t ticks = (view.date(at_ms).time_since_epoch().count()) * 10'000;
    beat.document.set({"Utc"}, feed_utc_ticks(ticks + 10'449));
    beat.send(at_ms);
  }
}

void write_lap_count(const FeedView& view, Script& script) {
  if (!view.is_race) return;
  TopicLog log(script, "LapCount");
  const bool is_late = view.quirks.has(Quirk::late_total_laps);
  const auto& rows = view.history->lap_count;
  for (const record::LapCount& row : rows) {
    if (row.current_lap) log.document.set({"CurrentLap"}, *row.current_lap);
    // One lap too many until the last ones: 2025 Australia, 58 to 57.
    const bool is_end = &row - rows.data() + 2 >= std::ssize(rows);
    if (row.total_laps) log.document.set({"TotalLaps"}, *row.total_laps + (is_late && !is_end ? 1 : 0));
    log.send(row.session_time_ms);
  }
}

}  // namespace slipstream::simulate
