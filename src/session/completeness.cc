#include "session/completeness.h"

#include <fmt/core.h>
#include <algorithm>

#include "core/limits.h"

namespace slipstream::session {
namespace {

// What a topic with a beat may be silent for while the session runs: four beats of Heartbeat, three of
// WeatherData; telemetry was never silent for longer than 2.1 s in a whole session.
struct Silence {
  std::string_view feed_topic;
  Int silent_ms_max;
};
constexpr Int pulse_silent_ms_max = 60'000;
constexpr Silence silences[] = {{"CarData.z", 10'000}, {"Position.z", 10'000}, {"WeatherData", 180'000}};
constexpr std::string_view pulse = "Heartbeat";
// Of these something comes before the first start and behind the last flag, whatever happens.
constexpr std::string_view always_on[] = {"TimingData", "CarData.z", "Position.z"};

bool is_end(std::string_view status) {
  return status == "Finished" || status == "Finalised" || status == "Ends";
}

void add(std::string& list, std::string_view what) {
  list += fmt::format("{}{}", list.empty() ? "" : ", ", what);
}

// How many laps of all cars have `is_it`, as "lap_time_ms 3"; nothing for none.
template <class Is>
void add_laps(std::string& list, const State& state, std::string_view what, Is is_it) {
  std::ptrdiff_t count = 0;
  for (const auto& [number, car] : state.cars) count += std::ranges::count_if(car.laps, is_it);
  if (count > 0) add(list, fmt::format("{} {}", what, count));
}

std::string_view zero_topic(ZeroEvidence evidence, bool has_car_data) {
  switch (evidence) {
    case ZeroEvidence::none: return "SessionInfo";
    case ZeroEvidence::race_control: return "RaceControlMessages";
    case ZeroEvidence::clock: return "ExtrapolatedClock";
    case ZeroEvidence::telemetry: return has_car_data ? "CarData.z" : "Position.z";
    case ZeroEvidence::message: break;
  }
  return "";  // the messages said it
}

std::string inferred_from(std::string_view topic, const State& state, bool has_car_data) {
  std::string list;
  if (topic == "SessionInfo" && !state.has_session_key) add(list, "session_key");
  if (topic == zero_topic(state.zero_evidence, has_car_data)) add(list, "zero_date");
  if (topic == "TimingData") {
    add_laps(list, state, "laps", [](const record::Lap& lap) { return lap.is_generated; });
    add_laps(list, state, "lap_time_ms",
             [](const record::Lap& lap) { return lap.lap_time_source && *lap.lap_time_source != "feed"; });
  }
  return list;
}

}  // namespace

void CompletenessLog::Beat::note(Int at_ms, bool is_running) {
  if (first_ms) {
    const Int gap_ms = std::max(at_ms - last_ms, 0);  // stamps step back now and then
    longest_gap_ms = std::max(longest_gap_ms, gap_ms);
    if (is_running) longest_running_gap_ms = std::max(longest_running_gap_ms, gap_ms);
  }
  first_ms = std::min(first_ms.value_or(at_ms), at_ms);
  last_ms = message_count == 0 ? at_ms : std::max(last_ms, at_ms);
  ++message_count;
}

CompletenessLog::Topic* CompletenessLog::topic(std::string_view name) {
  const auto known = topics_.find(name);
  if (known != topics_.end()) return &known->second;
  if (topics_.size() >= limits::feed_topics_max) return nullptr;
  return &topics_[std::string(name)];
}

void CompletenessLog::note(const feed::Message& message, const State& state) {
  const Int at_ms = static_cast<Int>(message.session_time.count());
  const bool is_running = state.session.session_status == "Started";
  if (Topic* const known = topic(message.feed_topic)) known->beat.note(at_ms, is_running);
  all_.note(at_ms, is_running);
  if (message.is_snapshot) last_snapshot_ms_ = at_ms;
}

void CompletenessLog::note_rejected(const feed::BrokenInput& broken) {
  Topic* const known = broken.feed_topic ? topic(*broken.feed_topic) : nullptr;
  ++(known ? known->rejected_count : rejected_without_topic_);
}

void CompletenessLog::publish(const State& state, Publisher& publisher) const {
  auto topics = topics_;
  if (rejected_without_topic_ > 0) topics["unknown"].rejected_count += rejected_without_topic_;
  topics.try_emplace("SessionInfo");  // of which something may have been inferred
  const bool has_car_data = topics.contains("CarData.z");
  for (const auto& [name, topic] : topics) {
    const std::string inferred = inferred_from(name, state, has_car_data);
    const Beat& beat = topic.beat;
    if (beat.message_count == 0 && topic.rejected_count == 0 && inferred.empty()) continue;
    record::Completeness row;
    row.topic = name;
    row.message_count = beat.message_count;
    row.rejected_count = topic.rejected_count;
    if (beat.first_ms) {
      row.first_session_time_ms = beat.first_ms;
      row.last_session_time_ms = beat.last_ms;
    }
    if (beat.message_count > 1) row.longest_gap_ms = beat.longest_gap_ms;
    if (!inferred.empty()) row.inferred = inferred;
    publisher.emit(std::move(row));
  }
}

optional<CompletenessLog::Span> CompletenessLog::span_of(const SessionLog& log) {
  const auto& changes = log.session_status;
  const auto is_start = [](const StatusChange& change) { return change.status == "Started"; };
  const auto first = std::ranges::find_if(changes, is_start);
  if (first == changes.end() || !is_end(changes.back().status)) return std::nullopt;
  const auto last = std::find_if(changes.rbegin(), changes.rend(), is_start);
  const auto end = std::find_if(last.base(), changes.end(),
                                [](const StatusChange& change) { return is_end(change.status); });
  return Span{first->session_time_ms, end->session_time_ms};
}

// Did the source hear the whole session?
bool CompletenessLog::is_whole(const Span& span, feed::SourceKind kind) const {
  if (rejected_without_topic_ > 0 || !all_.first_ms || *all_.first_ms >= span.from_ms) return false;
  if (last_snapshot_ms_ && *last_snapshot_ms_ >= span.from_ms) return false;
  const auto beat = topics_.find(pulse);
  if (beat != topics_.end()) return beat->second.beat.longest_running_gap_ms <= pulse_silent_ms_max;
  // An archive may be kept without the topic, and then be silent while no car drives.
  return kind == feed::SourceKind::archive || all_.longest_running_gap_ms <= pulse_silent_ms_max;
}

bool CompletenessLog::is_whole(std::string_view name, const Topic& topic, const Span& span) {
  const Beat& beat = topic.beat;
  if (beat.message_count == 0 || topic.rejected_count > 0) return false;
  if (std::ranges::find(always_on, name) != std::end(always_on) &&
      (*beat.first_ms >= span.from_ms || beat.last_ms < span.to_ms)) {
    return false;
  }
  const auto silence = std::ranges::find(silences, name, &Silence::feed_topic);
  return silence == std::end(silences) || beat.longest_running_gap_ms <= silence->silent_ms_max;
}

TopicSet CompletenessLog::gapless_topics(const State& state, feed::SourceKind kind) const {
  TopicSet gapless;
  const auto span = span_of(state.log);
  if (!span || !is_whole(*span, kind)) return gapless;
  for (const auto& [name, topic] : topics_) {
    if (is_whole(name, topic, *span)) gapless.insert(name);
  }
  return gapless;
}

}  // namespace slipstream::session
