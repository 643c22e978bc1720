#include "session/engine.h"

#include <fmt/core.h>
#include <algorithm>
#include <array>
#include <span>
#include <vector>

#include "core/limits.h"
#include "core/utf8.h"
#include "session/circuit.h"
#include "session/completeness.h"
#include "session/feed_gaps.h"
#include "session/folds.h"
#include "session/json_changes.h"
#include "session/lap_telemetry.h"
#include "session/laps.h"
#include "session/manifest.h"
#include "session/results.h"
#include "session/telemetry.h"

namespace slipstream::session {
namespace {

// Values of a lap come up to five seconds after the line (L3); one more, and the lap stands.
constexpr Int lap_settles_ms = 6000;

using Fold = void (*)(State&, Publisher&, const Change&);

struct TopicFold {
  std::string_view feed_topic;
  Fold fold;
};

constexpr TopicFold topic_folds[] = {
    {"TimingData", fold_timing},
    {"TimingAppData", fold_stints},
    {"SessionInfo", fold_session_info},
    {"SessionData", fold_session_data},
    {"SessionStatus", fold_session_status},
    {"DriverList", fold_driver_list},
    {"TrackStatus", fold_track_status},
    {"WeatherData", fold_weather},
    {"ExtrapolatedClock", fold_clock},
    {"LapCount", fold_lap_count},
    {"RaceControlMessages", fold_race_control},
    {"TeamRadio", fold_team_radio},
    {"ChampionshipPrediction", fold_championship_prediction},
    {"PitLaneTimeCollection", fold_pit_lane_times},
    {"PitStopSeries", fold_pit_stop_series},
};

Fold fold_of(std::string_view feed_topic) {
  for (const TopicFold& known : topic_folds) {
    if (known.feed_topic == feed_topic) return known.fold;
  }
  return nullptr;
}

// A stable number for a session that F1 gave no key, from the bytes of its first timed message (FNV-1a).
SessionKey key_from(const feed::Message& message) {
  std::uint64_t hash = 0xcbf29ce484222325;
  const auto mix = [&hash](std::string_view bytes) {
    for (const char c : bytes) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  };
  mix(std::to_string(message.session_time.count()));
  mix(message.payload);
  return SessionKey(-static_cast<std::int64_t>(hash >> 2) - 1);
}

// A simulated session is one wherever it was read from.
int rank_of(feed::SourceKind kind, const record::Session& session) {
  if (session.source_kind == feed::to_string(feed::SourceKind::simulated)) return 0;
  switch (kind) {
    case feed::SourceKind::recording: return 1;
    case feed::SourceKind::live: return 2;
    case feed::SourceKind::archive: return 3;
    case feed::SourceKind::simulated: break;
  }
  return 0;
}

}  // namespace

struct Engine::Impl {
  explicit Impl(EngineOptions given) : options(std::move(given)) {}

  EngineOptions options;
  State state;
  Publisher publisher;
  Output held;  // records from before the session key was known
  TelemetryFold telemetry = TelemetryFold(options.needs.telemetry, options.needs.positions);
  CompletenessLog completeness;
  ManifestTally tally;
  simdjson::dom::parser parser, changes_parser;
  SessionTime session_time{};
  std::optional<SessionKey> derived_key;
  SessionKey session_key;
  std::string build;
  bool is_released = false;
  bool has_finished_lap = false;
  bool is_finishing = false;
  std::vector<CarState*> cars_to_finish;  // those whose telemetry is still open at the end, the next one last
  std::map<Int, std::string> driver_keys;
  std::map<std::int64_t, Int> reject_ordinals;
  FeedGapLog gaps;

  void begin(Output& output, SessionTime at) {
    publisher.output = is_released ? &output : &held;
    publisher.at_ms = static_cast<Int>(at.count());
    tally.mark(*publisher.output);
  }

  // Gives what was published its session key, once there is one.
  void end(Output& output) {
    if (!is_released && can_release()) release(output);
    count(*publisher.output);
  }

  void count(Output& output) {
    tally.take(output, [this](auto& row) { row.session_key = session_key; });
  }

  bool can_release() const {
    if (state.has_session_key) return state.log.zero_date.has_value() || has_finished_lap;
    return derived_key && has_finished_lap;
  }

  void release(Output& output) {
    is_released = true;
    session_key = state.has_session_key ? state.session.session_key : derived_key.value_or(SessionKey(-1));
    const UtcTime zero = state.log.zero_date.value_or(state.session.start_date.value_or(UtcTime{}));
    build = fmt::format("{}.{:04}.{}", rank_of(options.source_kind, state.session), engine_version,
                        format_utc(zero));
    count(held);
    held.for_each_table([this](auto& list) {
      for (auto& published : list) published.row.session_key = session_key;
    });
    output.append(std::move(held));
    publisher.output = &output;
    tally.mark(output);
    publish_session(state, publisher);
  }

  // The last records of the build: what came of the topics, and what all tables come to.
  void end_build() {
    completeness.publish(state, publisher);
    count(*publisher.output);
    publisher.emit(tally.manifest(state.session.source, engine_version,
                                  completeness.gapless_topics(state, options.source_kind)));
  }

  void apply(const feed::Message& message);
  void fold(const feed::Message& message);
  void fold_change(const feed::Message& message, simdjson::dom::element payload, const JsonTree& topic);
  void reject(const feed::BrokenInput& broken);
  bool needs_laps_under_way() const;
  void publish_results_if_changed();
  // Limits that the message has hit are no reason to stop, but have to be seen.
  void tell_limits(const feed::Message& message);
  void build_due(Int session_time_ms);
  void build_laps_of(std::span<CarState* const> cars);
  void publish_laps_once(std::span<CarState* const> cars);
  std::vector<CarState*> all_cars();
  bool finish_some();
};

void Engine::Impl::apply(const feed::Message& message) {
  session_time = message.session_time;
  const Int now_ms = publisher.at_ms;
  completeness.note(message, state);
  if (auto gap = gaps.note(message)) publisher.emit(std::move(*gap));
  if (is_clock_topic(message.feed_topic)) {
    build_due(now_ms);
    publish_timing_before(state, publisher, now_ms);
    settle_overtakes(state, publisher, now_ms);
    offer_circuit(state, publisher);
    show_estimates(state, publisher, now_ms);
  }
  expire_flags(state, publisher);
  if (message.utc) take_zero(state, *message.utc - message.session_time, ZeroEvidence::message);
  if (!derived_key && message.feed_topic == "TimingData") derived_key = key_from(message);
  Result<void> result;
  if (message.feed_topic == "CarData.z") result = telemetry.fold_car_data(state, publisher, message);
  else if (message.feed_topic == "Position.z") result = telemetry.fold_positions(state, publisher, message);
  else return fold(message);
  show_telemetry(state, publisher);
  if (!result) {
    reject({message.source_offset, message.feed_topic, message.session_time, result.error().message,
            message.payload});
  }
}

void Engine::Impl::fold(const feed::Message& message) {
  simdjson::dom::element payload;
  const bool has_padding = message.payload.capacity() >= message.payload.size() + simdjson::SIMDJSON_PADDING;
  const auto parsed = parser.parse(message.payload.data(), message.payload.size(), !has_padding).get(payload);
  if (parsed != simdjson::SUCCESS) {
    reject({message.source_offset, message.feed_topic, message.session_time,
            fmt::format("not JSON: {}", simdjson::error_message(parsed)), message.payload});
    return;
  }
  if (state.topics.size() >= limits::feed_topics_max && !state.topics.contains(message.feed_topic)) {
    state.tell_limit("more topics than the feed can have: further ones are left out");
    return tell_limits(message);
  }
  JsonTree& topic = state.topics[message.feed_topic];
  const JsonTree before = message.is_snapshot ? std::exchange(topic, JsonTree()) : JsonTree();
  if (const auto merged = topic.merge(payload); !merged) {
    reject({message.source_offset, message.feed_topic, message.session_time, merged.error().message,
            message.payload});
  }
  if (before.is_missing()) return fold_change(message, payload, topic);
  // A reconnect: only what it brings is folded, so that what is known keeps its number and revision.
  const auto changes = changes_between(before, topic);
  if (changes && changes_parser.parse(*changes).get(payload) == simdjson::SUCCESS) {
    fold_change(message, payload, topic);
  }
}

void Engine::Impl::fold_change(const feed::Message& message, simdjson::dom::element payload,
                               const JsonTree& topic) {
  const Int message_number = state.message_counts[message.feed_topic]++;
  if (const Fold fold = fold_of(message.feed_topic))
    fold(state, publisher, {message, payload, topic, message_number});
  tell_limits(message);
  if (state.must_build_all_laps) {
    state.must_build_all_laps = false;
    build_laps_of(all_cars());
  }
  if (!std::exchange(state.has_due_car, false)) return;
  for (auto& [number, car] : state.cars) {
    const bool is_due = car.laps_due_ms == publisher.at_ms;
    if (is_due) car.laps_due_ms = publisher.at_ms + lap_settles_ms;
    if (!is_due && !car.has_late_value) continue;
    car.has_late_value = false;
    build_laps_of(std::array{&car});
  }
}

void Engine::Impl::tell_limits(const feed::Message& message) {
  for (const std::string& reason : std::exchange(state.limits_told, {})) {
    reject({message.source_offset, message.feed_topic, message.session_time, reason, message.payload});
  }
}

void Engine::Impl::reject(const feed::BrokenInput& broken) {
  completeness.note_rejected(broken);
  record::Rejected row;
  row.source_offset = broken.source_offset;
  row.ordinal = reject_ordinals[broken.source_offset]++;
  row.feed_topic = broken.feed_topic;
  if (broken.session_time) row.session_time_ms = static_cast<Int>(broken.session_time->count());
  row.reason = to_utf8(broken.reason, limits::rejected_raw_bytes_max);
  row.raw = to_utf8(broken.raw, limits::rejected_raw_bytes_max);
  publisher.emit(std::move(row));
}

// In the order in which they are due, so that it does not matter which other messages came in between.
void Engine::Impl::build_due(Int session_time_ms) {
  if (state.next_due_ms >= session_time_ms) return;
  std::vector<CarState*> due;
  state.next_due_ms = std::numeric_limits<Int>::max();
  for (auto& [number, car] : state.cars) {
    if (!car.laps_due_ms) continue;
    if (*car.laps_due_ms < session_time_ms) due.push_back(&car);
    else state.next_due_ms = std::min(state.next_due_ms, *car.laps_due_ms);
  }
  std::ranges::stable_sort(due, {}, [](const CarState* car) { return *car->laps_due_ms; });
  for (CarState* car : due) {
    const Int settled_ms = *car->laps_due_ms - lap_settles_ms;
    car->laps_due_ms.reset();
    build_laps_of(std::array{car});
    close_telemetry(state, publisher, *car, settled_ms);
    estimate_laps(state, publisher, *car, settled_ms);
    fold_circuit(state, publisher, *car, settled_ms);
    drop_mini_sector_marks(*car, settled_ms);
  }
}

void Engine::Impl::build_laps_of(std::span<CarState* const> cars) {
  if (!state.has_timing_change) return;  // a session of which only a snapshot came has no laps
  if (!options.is_batch) build_cars(state, publisher, cars, LapBuild::published);
  else if (is_finishing) publish_laps_once(cars);
  else if (needs_laps_under_way()) build_cars(state, publisher, cars, LapBuild::kept);
  has_finished_lap =
      has_finished_lap || std::ranges::any_of(cars, [this](const CarState* car) {
        return options.is_batch ? !draft_laps(car->log, state.log).empty() : !car->laps.empty();
      });
}

// Telemetry is closed lap by lap, and the circuit is drawn from laps.
bool Engine::Impl::needs_laps_under_way() const {
  return state.telemetry_rows != TelemetryRows::none || state.circuit.is_wanted;
}

void Engine::Impl::publish_results_if_changed() {
  if (std::exchange(state.has_result_change, false)) publish_results(state, publisher);
}

// First all laps, then the telemetry of one car after the other: a car may have an hour of it left.
bool Engine::Impl::finish_some() {
  if (!is_finishing) {
    publish_timing_before(state, publisher, publisher.at_ms + 1);
    is_finishing = true;
    cars_to_finish = all_cars();
    build_laps_of(cars_to_finish);
    settle_overtakes(state, publisher, std::numeric_limits<Int>::max());
    publish_results_if_changed();
    show_telemetry(state, publisher, true);
  } else if (!cars_to_finish.empty()) {
    CarState& car = *cars_to_finish.back();
    cars_to_finish.pop_back();
    close_telemetry(state, publisher, car, publisher.at_ms, true);
    estimate_laps(state, publisher, car, std::numeric_limits<Int>::max(), true);
    if (options.is_batch) publish_stints(state, publisher, car);
  }
  return !cars_to_finish.empty();
}

void Engine::Impl::publish_laps_once(std::span<CarState* const> cars) {
  for (CarState* car : cars) car->laps.clear();
  build_cars(state, publisher, cars, LapBuild::published);
}

std::vector<CarState*> Engine::Impl::all_cars() {
  std::vector<CarState*> cars;
  cars.reserve(state.cars.size());
  for (auto& [number, car] : state.cars) cars.push_back(&car);
  return cars;
}

Engine::Engine(EngineOptions options) : impl_(std::make_unique<Impl>(std::move(options))) {
  const Needs& needs = impl_->options.needs;
  impl_->state.has_screen = needs.has_screen;
  impl_->state.is_batch = impl_->options.is_batch;
  impl_->state.circuit.is_wanted = needs.has_circuit && needs.positions == Telemetry::samples;
  if (needs.has_circuit) impl_->state.circuit.given = impl_->options.circuit;
  if (needs.has_telemetry && needs.telemetry == Telemetry::samples) {
    impl_->state.telemetry_rows =
        impl_->options.is_batch ? TelemetryRows::last_revision : TelemetryRows::all_revisions;
    if (impl_->options.is_batch) impl_->tally.expect_last_telemetry();
    if (impl_->options.circuit) set_circuit(impl_->state.estimates, impl_->options.circuit);
  }
  impl_->state.session.source = impl_->options.source_name;
  impl_->state.session.source_kind = std::string(feed::to_string(impl_->options.source_kind));
}
Engine::~Engine() = default;

void Engine::apply(const feed::Message& message, Output& output) {
  impl_->begin(output, message.session_time);
  impl_->apply(message);
  if (!impl_->options.is_batch) impl_->publish_results_if_changed();
  impl_->end(output);
}

void Engine::reject(const feed::BrokenInput& broken, Output& output) {
  impl_->begin(output, impl_->session_time);
  impl_->reject(broken);
  impl_->end(output);
}

void Engine::finish(Output& output) {
  while (finish_some(output)) continue;
}

bool Engine::finish_some(Output& output) {
  impl_->begin(output, impl_->session_time);
  const bool is_more = impl_->finish_some();
  if (!is_more) {
    finish_circuit(impl_->state, impl_->publisher);
    publish_session(impl_->state, impl_->publisher);
    if (!impl_->is_released) impl_->release(output);
    impl_->end_build();
  }
  impl_->end(output);
  return is_more;
}

SessionKey Engine::session_key() const { return impl_->session_key; }
const std::string& Engine::build() const { return impl_->build; }
SessionTime Engine::session_time() const { return impl_->session_time; }
std::optional<UtcTime> Engine::zero_date() const { return impl_->state.log.zero_date; }

const std::string& Engine::driver_key(Int driver_number) {
  const auto [key, is_new] = impl_->driver_keys.try_emplace(driver_number);
  if (is_new) {
    const auto car = impl_->state.cars.find(driver_number);
    const bool has_code = car != impl_->state.cars.end() && car->second.log.driver_code;
    key->second = has_code ? *car->second.log.driver_code : std::to_string(driver_number);
  }
  return key->second;
}

}  // namespace slipstream::session
