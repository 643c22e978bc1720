// Laws of the stream: what was published, put together, is the table, whenever and however often the engine
// built it on the way.
#include <fmt/core.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>

#include "session/engine.h"

namespace slipstream::session {
namespace {

using record::Lap;

// One change of a session, made small so that a failing session can be read.
struct Step {
  int wait_ms, kind, car, value;
};

std::ostream& operator<<(std::ostream& out, const Step& step) {
  return out << fmt::format("{{+{} ms, kind {}, car {}, value {}}}", step.wait_ms, step.kind, step.car,
                            step.value);
}

rc::Gen<Step> any_step() {
  const auto wait_ms = rc::gen::element(0, 1, 40, 900, 4'999, 5'000, 6'000, 25'000);
  return rc::gen::build<Step>(
      rc::gen::set(&Step::wait_ms, wait_ms), rc::gen::set(&Step::kind, rc::gen::inRange(0, 14)),
      rc::gen::set(&Step::car, rc::gen::element(1, 4)), rc::gen::set(&Step::value, rc::gen::inRange(0, 40)));
}

// Messages of a race, as F1 would write the steps.
class Race {
 public:
  std::pair<std::string, std::string> message(const Step& step) {
    const int value = step.value;
    switch (step.kind) {
      case 0:
      case 1:
      case 2: return line(step, fmt::format(R"("NumberOfLaps":{})", ++laps_[step.car]));
      case 3: return line(step, fmt::format(R"("NumberOfLaps":{})", value / 8));
      case 4: return line(step, R"("InPit":true)");
      case 5: return line(step, R"("InPit":false)");
      case 6: return line(step, fmt::format(R"("LastLapTime":{{"Value":"1:{:02}.000"}})", value));
      case 7:
        return line(step, fmt::format(R"("Sectors":{{"{}":{{"Value":"{}.5"}}}})", value % 3, 20 + value % 5));
      case 8: return line(step, fmt::format(R"("GapToLeader":"{}")", gap(value)));
      case 9: return line(step, fmt::format(R"("Stopped":{})", value % 2 ? "true" : "false"));
      case 10: return {"TrackStatus", fmt::format(R"({{"Status":"{}"}})", 1 + value % 7)};
      case 11:
        return {"SessionStatus",
                fmt::format(R"({{"Status":"{}"}})", statuses[static_cast<std::size_t>(value % 4)])};
      case 12:
        return {
            "TimingAppData",
            fmt::format(R"({{"Lines":{{"{}":{{"Stints":{{"{}":{{"Compound":"{}","StartLaps":{}}}}}}}}}}})",
                        step.car, value % 4, value % 2 ? "SOFT" : "HARD", value % 5)};
      default:
        return {"RaceControlMessages",
                fmt::format(R"({{"Messages":{{"{}":{{"Message":"CAR {} (AAA) TIME 1:{:02}.000 {}"}}}}}})",
                            messages_++, step.car, value,
                            value % 3 ? "DELETED - TRACK LIMITS LAP 2" : "REINSTATED")};
    }
  }

 private:
  static constexpr const char* statuses[] = {"Started", "Aborted", "Finished", "Inactive"};

  static std::string gap(int value) {
    if (value < 8) return fmt::format("LAP {}", value);
    return value < 12 ? "" : fmt::format("+{}.{:03}", value, value * 20);
  }
  static std::pair<std::string, std::string> line(const Step& step, const std::string& members) {
    return {"TimingData", fmt::format(R"({{"Lines":{{"{}":{{{}}}}}}})", step.car, members)};
  }

  std::map<int, int> laps_;
  int messages_ = 0;
};

constexpr const char* session_info =
    R"({"Meeting":{"Key":1},"Key":9,"Type":"Race","Name":"Race","GmtOffset":"00:00:00"})";

// Laps as they stand, and how often each was published.
struct Table {
  std::map<std::pair<record::Int, record::Int>, Lap> laps;
  std::vector<std::string> told;

  void take(Output& output) {
    for (const auto& published : output.rows<Lap>()) {
      const std::pair key{published.row.driver_number, published.row.lap_number};
      const int revision = published.envelope.revision;
      told.push_back(fmt::format("{}/{} {} at {}", key.first, key.second, revision, published.at_ms));
      if (published.envelope.is_withdrawn) laps.erase(key);
      else laps.insert_or_assign(key, published.row);
    }
    output.clear();
  }
};

feed::Message message_at(int at_ms, std::string topic, std::string payload) {
  feed::Message message;
  message.session_time = SessionTime(at_ms);
  message.feed_topic = std::move(topic);
  message.payload = std::move(payload);
  return message;
}

// Plays the steps; between them, at the times given, a message that says nothing of laps.
Table play(const std::vector<Step>& steps, const std::vector<int>& pauses_ms = {}) {
  Engine engine({"a race", feed::SourceKind::recording});
  Output output;
  Table table;
  Race race;
  int now_ms = 0;
  engine.apply(message_at(0, "SessionInfo", session_info), output);
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (i < pauses_ms.size() && pauses_ms[i] <= steps[i].wait_ms) {
      engine.apply(message_at(now_ms + pauses_ms[i], "Heartbeat", R"({"Utc":""})"), output);
    }
    now_ms += steps[i].wait_ms;
    auto [topic, payload] = race.message(steps[i]);
    engine.apply(message_at(now_ms, std::move(topic), std::move(payload)), output);
    table.take(output);
  }
  engine.finish(output);
  table.take(output);
  return table;
}

std::vector<Step> any_race() { return *rc::gen::container<std::vector<Step>>(any_step()); }

RC_GTEST_PROP(StreamLaw, WhenTheEngineBuildsDoesNotChangeTheTable, ()) {
  const auto steps = any_race();
  const auto pauses = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 26'000));
  const auto laps = play(steps).laps;
  RC_CLASSIFY(laps.size() > 3, "more than three laps");
  RC_ASSERT(laps == play(steps, pauses).laps);
}

RC_GTEST_PROP(StreamLaw, ARestartedEngineTellsTheSameAgain, ()) {
  const auto steps = any_race();
  RC_ASSERT(play(steps).told == play(steps).told);
}

RC_GTEST_PROP(StreamLaw, WhatWasToldOfABeginningIsTheBeginningOfWhatIsTold, ()) {
  auto steps = any_race();
  RC_PRE(!steps.empty());
  const auto whole = play(steps).told;
  const auto length = *rc::gen::inRange<std::size_t>(0, steps.size());
  steps.resize(length);
  // At its end the beginning publishes what the whole would have published later.
  Engine engine({"a race", feed::SourceKind::recording});
  Output output;
  Table table;
  Race race;
  int now_ms = 0;
  engine.apply(message_at(0, "SessionInfo", session_info), output);
  for (const Step& step : steps) {
    now_ms += step.wait_ms;
    auto [topic, payload] = race.message(step);
    engine.apply(message_at(now_ms, std::move(topic), std::move(payload)), output);
    table.take(output);
  }
  RC_ASSERT(table.told.size() <= whole.size());
  RC_ASSERT(std::equal(table.told.begin(), table.told.end(), whole.begin()));
}

RC_GTEST_PROP(StreamLaw, LapNumbersCountFromOneWithoutGaps, ()) {
  std::map<record::Int, record::Int> laps, highest;
  for (const auto& [key, lap] : play(any_race()).laps) {
    ++laps[key.first];
    highest[key.first] = std::max(highest[key.first], key.second);
  }
  RC_ASSERT(laps == highest);
}

}  // namespace
}  // namespace slipstream::session
