// CarData.z and Position.z: what cars sent of themselves, and where they were.
//
// Frames come about every 240 and 220 ms (C2), several a message, a message about every second; the dates of
// the two streams have nothing to do with each other.
#include <algorithm>

#include "core/json_writer.h"
#include "feed/payload.h"
#include "simulate/feed_log.h"
#include "simulate/feed_text.h"
#include "simulate/numbers.h"
#include "simulate/topics.h"

namespace slipstream::simulate {
namespace {

constexpr std::int32_t first_ms = 18'000;
constexpr int no_data = 104;
// Uses of FeedView::random.
constexpr int car_frames = 32, position_frames = 33, car_lags = 34, position_lags = 35, ticks = 36;

// A car between two of its steps.
struct Between {
  const CarState* before = nullptr;
  const CarState* after = nullptr;
  double part = 0;
};

Between between(const CarHistory& car, std::int32_t at_ms) {
  const std::int32_t step = at_ms / History::step_ms - car.first_step;
  const auto last = static_cast<std::int32_t>(car.states.size()) - 1;
  const std::int32_t from = std::clamp(step, 0, last), to = std::min(from + 1, last);
  return {&car.states[static_cast<std::size_t>(from)], &car.states[static_cast<std::size_t>(to)],
          static_cast<double>(at_ms % History::step_ms) / History::step_ms};
}

bool runs(const CarState& state) { return state.place != Place::garage && state.place != Place::gone; }

class FrameWriter {
 public:
  FrameWriter(const FeedView& view, Script& script, const char* topic, int mean_ms, int frame_use,
              int lag_use)
      : view_(view),
        script_(script),
        topic_(topic),
        mean_ms_(mean_ms),
        frames_(view.random(frame_use, 0)),
        lags_(view.random(lag_use, 0)),
        ticks_(view.random(ticks, frame_use)) {}

  // frame(json, at_ms, date) writes one frame.
  template <class Frame>
  void write(const char* list, Frame frame) {
    std::int32_t at_ms = first_ms + frames_.between(0, 400);
    while (at_ms < view_.history->end_ms) {
      std::string text;
      JsonWriter json(text);
      json.begin_object().key(list).begin_array();
      const std::int32_t until_ms = at_ms + frames_.between(670, 1'070);
      std::int32_t last_ms = at_ms;
      for (; at_ms <= until_ms; at_ms += interval()) {
        // Below half a millisecond, so that the date is that of the millisecond however it is rounded.
        const std::int64_t date =
            view_.date(at_ms).time_since_epoch().count() * 10'000 + ticks_.between(0, 4'999);
        frame(json, at_ms, feed_utc_ticks(date));
        last_ms = at_ms;
      }
      json.end_array().end_object();
      script_.messages.push_back({sent_ms(last_ms), topic_, '"' + feed::pack_payload(text) + '"'});
    }
    if (!script_.messages.empty()) script_.keyframes.push_back({topic_, script_.messages.back().payload});
  }

 private:
  // Real frames come in steps of 40 ms.
  std::int32_t interval() {
    return std::max(120, mean_ms_ + 40 * (frames_.between(-2, 2) + frames_.between(-1, 1)));
  }
  std::int32_t sent_ms(std::int32_t last_ms) {
    if (!view_.quirks.has(Quirk::delays)) return last_ms;
    sent_ms_ = std::max(sent_ms_ + 1, last_ms + lags_.between(0, 900));
    return sent_ms_;
  }

  const FeedView& view_;
  Script& script_;
  const char* topic_;
  int mean_ms_;
  Random frames_, lags_, ticks_;
  std::int32_t sent_ms_ = 0;
};

void write_channels(JsonWriter& json, const FeedView& view, const Between& at, Random& glitches) {
  const auto rounded_mix = [&](float a, float b) {
    return static_cast<int>(rounded(mixed(static_cast<double>(a), static_cast<double>(b), at.part)));
  };
  const CarState& state = at.part < 0.5 ? *at.before : *at.after;
  const bool has_none = !runs(state) && view.quirks.has(Quirk::no_data_104);
  int gear = state.gear;
  if (view.quirks.has(Quirk::gear_glitches) && glitches.chance(view.quirks.rate(Quirk::gear_glitches)))
    gear = glitches.between(9, 49);
  json.key("Channels").begin_object();
  json.field("0", rounded_mix(at.before->rpm, at.after->rpm));
  json.field("2", rounded_mix(at.before->speed_mps * 3.6F, at.after->speed_mps * 3.6F));
  json.field("3", gear).field("4", has_none ? no_data : state.throttle_pct);
  json.field("5", has_none ? no_data : state.is_braking ? 100 : 0);
  if (view.history->options.year < 2026) json.field("45", state.has_drs ? 14 : 0);
  json.end_object();
}

struct PlaceOf {
  const char* status;
  int x, y, z;
};

PlaceOf place_of(const Circuit& circuit, const Between& at) {
  const CarState& near = at.part < 0.5 ? *at.before : *at.after;
  double distance = near.distance_m;
  if (at.before->place == at.after->place) {
    double to = at.after->distance_m;
    if (near.place == Place::track && to < at.before->distance_m - circuit.length_m / 2)
      to += circuit.length_m;
    distance = mixed(at.before->distance_m, to, at.part);
    if (near.place == Place::track && distance >= circuit.length_m) distance -= circuit.length_m;
  }
  const double offset =
      mixed(static_cast<double>(at.before->offset_m), static_cast<double>(at.after->offset_m), at.part);
  const auto point = circuit.at(near.place, distance, offset);
  const auto tenths = [](double metres) { return static_cast<int>(rounded(metres * 10)); };
  const bool is_off = near.place == Place::off_track || near.place == Place::gone;
  return {is_off ? "OffTrack" : "OnTrack", tenths(point.x_m), tenths(point.y_m), tenths(point.z_m)};
}

void write_place(JsonWriter& json, std::string_view car, const PlaceOf& place) {
  json.key(car).begin_object().field("Status", place.status);
  json.field("X", place.x).field("Y", place.y).field("Z", place.z).end_object();
}

}  // namespace

void write_car_data(const FeedView& view, Script& script) {
  FrameWriter writer(view, script, "CarData.z", 240, car_frames, car_lags);
  Random glitches = view.random(Quirk::gear_glitches, 0);
  writer.write("Entries", [&](JsonWriter& json, std::int32_t at_ms, const std::string& date) {
    json.begin_object().field("Utc", date).key("Cars").begin_object();
    for (const CarView& car : view.cars) {
      json.key(car.name).begin_object();
      write_channels(json, view, between(*car.history, at_ms), glitches);
      json.end_object();
    }
    json.end_object().end_object();
  });
}

void write_positions(const FeedView& view, Script& script) {
  FrameWriter writer(view, script, "Position.z", 220, position_frames, position_lags);
  Random zeros = view.random(Quirk::zero_frames, 0);
  const bool has_course_cars = view.quirks.has(Quirk::course_cars);
  writer.write("Position", [&](JsonWriter& json, std::int32_t at_ms, const std::string& date) {
    const bool is_zero = zeros.chance(view.quirks.rate(Quirk::zero_frames));
    json.begin_object().field("Timestamp", date).key("Entries").begin_object();
    for (const CarView& car : view.cars) {
      const PlaceOf place = place_of(view.history->circuit, between(*car.history, at_ms));
      write_place(json, car.name, is_zero ? PlaceOf{"OnTrack", 0, 0, 0} : place);
    }
    if (has_course_cars) {
      for (const char* car : {"241", "242", "243"}) write_place(json, car, {"OnTrack", 0, 0, 0});
    }
    json.end_object().end_object();
  });
}

}  // namespace slipstream::simulate
