#include "serve/lap_samples.h"

#include <fmt/core.h>
#include <algorithm>
#include <charconv>
#include <cmath>
#include <span>

#include "core/json_writer.h"
#include "record/telemetry.h"

namespace slipstream::serve {
namespace {

using record::Int;
using record::Lap;

// Further apart than this, two samples say nothing of the way between them; as in session/telemetry_track.
constexpr Int hole_ms = 3000;
// A lap that stands in its garage is not drawn for ever.
constexpr Int under_way_max_ms = 600'000;

struct Span {
  const Lap* lap = nullptr;  // nullptr: under way
  Int lap_number = 0;
  std::int64_t from_ms = 0, to_ms = 0;
};

std::optional<Span> ended(const Lap* lap) {
  if (!lap || !lap->session_time_ms) return std::nullopt;
  const auto start_ms = lap->lap_start_session_time_ms;
  if (!start_ms && !lap->lap_time_ms) return std::nullopt;
  const Int from_ms = start_ms ? *start_ms : *lap->session_time_ms - *lap->lap_time_ms;
  return Span{lap, lap->lap_number, from_ms, *lap->session_time_ms};
}

std::optional<Span> under_way(const Lap* last, std::int64_t cursor_ms) {
  if (!last || !last->session_time_ms || cursor_ms - *last->session_time_ms > under_way_max_ms)
    return std::nullopt;
  return Span{nullptr, last->lap_number + 1, *last->session_time_ms, cursor_ms};
}

const Lap* best_of(const CarState& car) {
  const Lap* best = nullptr;
  car.laps.for_each([&best](const Lap& lap) {
    if (!lap.lap_time_ms || lap.is_deleted.value_or(false)) return;
    if (!best || *lap.lap_time_ms < *best->lap_time_ms) best = &lap;
  });
  return best;
}

const Lap* numbered(const CarState& car, Int number) {
  const Lap* found = nullptr;
  car.laps.for_each([&](const Lap& lap) {
    if (lap.lap_number == number) found = &lap;
  });
  return found;
}

std::optional<Int> number_in(std::string_view text) {
  Int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool is_number = error == std::errc() && end == text.data() + text.size() && number > 0;
  return is_number ? std::optional(number) : std::nullopt;
}

// A lap that has a number is there from its start on.
std::optional<Span> number_span(const CarState& car, Int number, std::int64_t cursor_ms) {
  if (const Lap* lap = numbered(car, number)) return ended(lap);
  const std::optional<Span> current = under_way(car.laps.current(), cursor_ms);
  return current && current->lap_number == number ? current : std::nullopt;
}

Result<std::optional<Span>> span_of(const CarState& car, std::string_view lap, std::int64_t cursor_ms) {
  const std::optional<Int> number = number_in(lap);
  std::optional<Span> span;
  if (lap == "best") span = ended(best_of(car));
  else if (lap == "last") span = ended(car.laps.current());
  else if (lap == "current") span = under_way(car.laps.current(), cursor_ms);
  else if (number) span = number_span(car, *number, cursor_ms);
  else return fail(Errc::malformed, "lap: a number, best, last or current");
  const Lap* newest = car.laps.current();
  if (!span && number && newest && *number <= newest->lap_number)
    return fail(Errc::not_found, fmt::format("car {} has no lap {}", car.driver_number, lap));
  return span;
}

// The car's samples from one before the span to one behind it.
std::vector<const SampleEntry*> samples_in(const SessionLog& log, std::int32_t driver_number,
                                           const Span& span, std::int64_t cursor_ms) {
  std::vector<const SampleEntry*> samples;
  const auto all = log.samples();
  // A sample is known some time behind its own; never before it.
  auto at = std::ranges::lower_bound(all, span.from_ms - hole_ms, {}, &SampleEntry::known_ms);
  for (; at != all.end() && at->known_ms <= cursor_ms; ++at) {
    if (at->driver_number != driver_number || at->kind != SampleEntry::Kind::car) continue;
    samples.push_back(&*at);
    if (at->session_time_ms > span.to_ms + hole_ms) break;
  }
  std::ranges::stable_sort(samples, {}, &SampleEntry::session_time_ms);
  return samples;
}

std::optional<Int> known(std::int16_t value) { return value < 0 ? std::nullopt : std::optional<Int>(value); }

// Metres from `from_ms` to `to_ms`, both between two samples that follow each other.
double metres(const SampleEntry& before, const SampleEntry& after, std::int64_t from_ms, std::int64_t to_ms) {
  const Int step_ms = after.session_time_ms - before.session_time_ms;
  if (step_ms <= 0 || step_ms > hole_ms || before.car.speed_kmh < 0 || after.car.speed_kmh < 0) return 0;
  const auto until = [&](std::int64_t ms) {
    const auto since_ms = static_cast<Int>(std::clamp<std::int64_t>(ms - before.session_time_ms, 0, step_ms));
    return record::driven_m(before.car.speed_kmh, after.car.speed_kmh, step_ms, since_ms);
  };
  return until(to_ms) - until(from_ms);
}

LapSample sample_of(const SampleEntry& entry, const Span& span, double distance_m) {
  LapSample sample;
  sample.time_ms = static_cast<std::int32_t>(entry.session_time_ms - span.from_ms);
  sample.distance_m = distance_m;
  sample.speed_kmh = known(entry.car.speed_kmh);
  sample.throttle_pct = known(entry.car.throttle_pct);
  sample.gear = known(entry.gear);
  if (entry.is_braking >= 0) sample.is_braking = entry.is_braking == 1;
  return sample;
}

void fill(LapSamples& out, std::span<const SampleEntry* const> samples, const Span& span) {
  double distance_m = 0;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const SampleEntry& entry = *samples[i];
    if (i > 0)
      distance_m += metres(*samples[i - 1], entry, span.from_ms,
                           std::min<std::int64_t>(span.to_ms, entry.session_time_ms));
    const bool is_inside = entry.session_time_ms >= span.from_ms && entry.session_time_ms <= span.to_ms;
    if (is_inside) out.samples.push_back(sample_of(entry, span, distance_m));
  }
  if (!out.is_under_way && !out.samples.empty()) out.length_m = distance_m;
}

// What the car itself measured in its best lap: two cars differ by metres, which are tenths of a second.
std::optional<double> best_length_m(const SessionLog& log, const CarState& car, std::int64_t cursor_ms) {
  const std::optional<Span> best = ended(best_of(car));
  if (!best) return std::nullopt;
  LapSamples lap;
  fill(lap, samples_in(log, car.driver_number, *best, cursor_ms), *best);
  return lap.length_m;
}

double tenths(double value) { return std::round(value * 10) / 10; }

}  // namespace

Result<std::optional<LapSamples>> lap_samples(const SessionLog& log, const View& view,
                                              std::int32_t driver_number, std::string_view lap,
                                              std::int64_t cursor_ms) {
  const auto car = std::ranges::find(view.cars, driver_number, &CarState::driver_number);
  if (car == view.cars.end()) return fail(Errc::not_found, fmt::format("there is no car {}", driver_number));
  const auto found = span_of(*car, lap, cursor_ms);
  if (!found) return tl::make_unexpected(found.error());
  if (!*found) return std::optional<LapSamples>();
  const Span& span = **found;
  LapSamples out;
  out.driver_number = driver_number;
  out.lap_number = span.lap_number;
  out.lap_time_ms = span.lap ? span.lap->lap_time_ms : std::nullopt;
  out.is_under_way = span.lap == nullptr;
  fill(out, samples_in(log, driver_number, span, cursor_ms), span);
  if (out.is_under_way) out.length_m = best_length_m(log, *car, cursor_ms);
  return std::optional(std::move(out));
}

std::string encode(const std::optional<LapSamples>& found) {
  if (!found) return "null";
  const LapSamples& lap = *found;
  std::string text;
  JsonWriter json(text);
  json.begin_object().field("driver_number", lap.driver_number).field("lap_number", lap.lap_number);
  json.field("lap_time_ms", lap.lap_time_ms).field("is_under_way", lap.is_under_way);
  json.field("length_m", lap.length_m ? std::optional(tenths(*lap.length_m)) : std::nullopt);
  const auto column = [&](std::string_view name, auto value) {
    json.key(name).begin_array();
    for (const LapSample& sample : lap.samples) json.value(value(sample));
    json.end_array();
  };
  column("time_ms", [](const LapSample& sample) { return sample.time_ms; });
  column("distance_m", [](const LapSample& sample) { return tenths(sample.distance_m); });
  column("speed_kmh", [](const LapSample& sample) { return sample.speed_kmh; });
  column("throttle_pct", [](const LapSample& sample) { return sample.throttle_pct; });
  column("gear", [](const LapSample& sample) { return sample.gear; });
  column("is_braking", [](const LapSample& sample) { return sample.is_braking; });
  json.end_object();
  return text;
}

}  // namespace slipstream::serve
