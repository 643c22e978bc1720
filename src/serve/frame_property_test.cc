// The law of the protocol: a browser that applied all deltas has what a fresh snapshot says.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "serve/stream.h"
#include "serve/test_support.h"

namespace slipstream::serve {
namespace {

using test::record_of;

struct Event {
  record::DecodedRecord record;
  std::int64_t known_ms = 0;
};

template <class Row>
void number_message(Row& row, std::int32_t number, std::int32_t at_ms) {
  row.message_number = number;
  row.session_time_ms = at_ms;
}

record::AnyRow random_race_row(std::int32_t car, std::int32_t at_ms) {
  const auto small = *rc::gen::inRange(0, 6);
  switch (*rc::gen::inRange(0, 3)) {
    case 0: {
      record::PitStop row;
      row.driver_number = car;
      row.stop_number = small + 1;
      row.lap_number = 10 * small;
      if (small % 2) row.pit_out_time_ms = at_ms;
      row.source = "timing";
      return row;
    }
    case 1: {
      record::Penalty row;
      row.penalty_number = small;
      row.driver_number = car;
      row.state = at_ms % 2 ? "noted" : "imposed";
      return row;
    }
    default: {
      record::SessionResult row;
      row.driver_number = car;
      row.position = small;
      row.points = at_ms / 2.0;
      return row;
    }
  }
}

// Few drivers, keys and times, so that rows meet: corrections, withdrawals, ties and late records all happen.
record::AnyRow random_row(std::int32_t at_ms) {
  const auto car = *rc::gen::inRange(1, 4);
  const auto small = *rc::gen::inRange(0, 6);
  const auto value = *rc::gen::inRange(0, 100'000);
  switch (*rc::gen::inRange(0, 12)) {
    case 0: return test::driver(car, small > 3 ? "NOR" : "VER");
    case 1: return test::lap(car, small + 1, at_ms, 70'000 + value);
    case 2: {
      record::Timing row = test::timing(car, at_ms - *rc::gen::inRange(0, 300), small + 1);
      if (small > 2) row.best_lap_time_ms = value;
      return row;
    }
    case 3: return test::race_control(small, at_ms, std::string("\"quoted\" \n") + std::to_string(value));
    case 4: return test::session_status(small, at_ms, small % 2 ? "Started" : "Finished");
    case 5: {
      record::MiniSector row;
      row.driver_number = car;
      row.lap_number = *rc::gen::inRange(1, 4);
      row.sector_number = *rc::gen::inRange(1, 4);
      row.mini_sector_number = small + 1;
      row.status = value;
      return row;
    }
    case 6: {
      record::TrackStatus row;
      number_message(row, small, at_ms);
      row.status = std::to_string(value % 7);
      return row;
    }
    case 7: {
      record::CarSample row;
      row.driver_number = car;
      row.session_time_ms = at_ms - *rc::gen::inRange(0, 1500);
      row.speed_kmh = value % 300;
      row.is_braking = value % 2 == 0;
      return row;
    }
    case 8: {
      record::TeamRadio row;
      number_message(row, small, at_ms);
      row.path = std::to_string(value);
      return row;
    }
    case 9: {
      record::LapCount row;
      number_message(row, small, at_ms);
      if (value % 2) row.current_lap = value;
      if (value % 3) row.total_laps = value;
      return row;
    }
    case 10: return random_race_row(car, at_ms);
    default: return test::position(car, at_ms - *rc::gen::inRange(0, 1500), value - 50'000, value);
  }
}

Event random_event(std::int64_t known_ms) {
  const bool is_late = *rc::gen::inRange(0, 8) == 0;
  if (is_late) known_ms = std::max<std::int64_t>(0, known_ms - *rc::gen::inRange(0, 70'000));
  const record::AnyRow row = random_row(static_cast<std::int32_t>(known_ms));
  const auto revision = *rc::gen::inRange(0, 3);
  const bool is_withdrawn = *rc::gen::inRange(0, 10) == 0;
  return std::visit(
      [&](const auto& typed) {
        return Event{record_of(typed, revision, is_withdrawn), known_ms};
      },
      row);
}

FrameContext context_at(std::int64_t cursor_ms) {
  return {
      .cursor_ms = cursor_ms,
      .player = {.edge_ms = cursor_ms},
      .from_ms = 0,
      .to_ms = 400'000,
      .outline = cursor_ms > 50'000 ? std::make_shared<const std::string>("{\"points_dm\":[]}") : nullptr};
}

RC_GTEST_PROP(Frames, DeltasOnASnapshotEqualAFreshSnapshotAtEveryCursor, ()) {
  SessionLog log(test::test_session);
  Keyframes keyframes(log);
  Stream stream("s");
  test::Browser browser;
  std::int64_t known_ms = 0, cursor_ms = 0;
  const int steps = *rc::gen::inRange(1, 60);
  for (int step = 0; step < steps; ++step) {
    const int events = *rc::gen::inRange(0, 6);
    for (int i = 0; i < events; ++i) {
      known_ms += *rc::gen::inRange(0, 4000);
      const Event event = random_event(known_ms);
      log.add(event.record, event.known_ms);
    }
    log.settle();
    cursor_ms += *rc::gen::inRange(0, 9000);
    const FrameContext context = context_at(cursor_ms);
    browser.apply(*stream.step(log, keyframes, context));
    RC_ASSERT(browser.view() == test::fresh_view(log, context));
  }
}

RC_GTEST_PROP(Frames, SeekGivesWhatStraightPlayGives, ()) {
  SessionLog played(test::test_session);
  std::int64_t known_ms = 0;
  const int events = *rc::gen::inRange(1, 200);
  for (int i = 0; i < events; ++i) {
    known_ms += *rc::gen::inRange(0, 4000);
    const Event event = random_event(known_ms);
    played.add(event.record, event.known_ms);
  }
  played.settle();
  Keyframes keyframes(played);
  Fold wandering;
  const int seeks = *rc::gen::inRange(1, 30);
  for (int i = 0; i < seeks; ++i) {
    const FrameContext context = context_at(*rc::gen::inRange<std::int64_t>(0, known_ms + 10'000));
    keyframes.advance(wandering, context.cursor_ms);
    View straight;
    for (const RowEntry& entry : played.rows()) {
      if (entry.known_ms <= context.cursor_ms) apply(straight, entry);
    }
    for (const SampleEntry& sample : played.samples()) {
      if (sample.known_ms <= context.cursor_ms) apply(straight, sample);
    }
    RC_ASSERT(encode_snapshot({"s", 1}, make_sections(played, wandering.view, context)) ==
              encode_snapshot({"s", 1}, make_sections(played, straight, context)));
  }
}

RC_GTEST_PROP(Frames, NothingBehindTheCursorIsInASnapshot, ()) {
  // Every event is told twice: once in a log that ends at the cursor, once in one that goes on.
  SessionLog until(test::test_session), beyond(test::test_session);
  const std::int64_t cursor_ms = *rc::gen::inRange(0, 100'000);
  std::int64_t known_ms = 0;
  const int events = *rc::gen::inRange(1, 80);
  for (int i = 0; i < events; ++i) {
    known_ms += *rc::gen::inRange(0, 4000);
    const Event event = random_event(known_ms);
    beyond.add(event.record, event.known_ms);
    if (event.known_ms <= cursor_ms) until.add(event.record, event.known_ms);
  }
  until.settle();
  beyond.settle();
  const FrameContext context = context_at(cursor_ms);
  RC_ASSERT(test::fresh_view(until, context) == test::fresh_view(beyond, context));
}

}  // namespace
}  // namespace slipstream::serve
