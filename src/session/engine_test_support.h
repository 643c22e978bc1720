// An engine, and all that it has published: what the tests of the session tell it, and read back.
#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "session/engine.h"

namespace slipstream::session {

inline constexpr const char* told_session_info =
    R"({"Meeting":{"Key":1272,"Name":"Some Grand Prix","Circuit":{"Key":65}},"Key":9873,"Type":"Qualifying",)"
    R"("Name":"Qualifying","StartDate":"2025-10-25T15:00:00","GmtOffset":"-06:00:00","Path":"2025/x/y/"})";

class Told {
 public:
  explicit Told(feed::SourceKind kind = feed::SourceKind::archive) : engine_({"a test", kind}) {}

  explicit Told(EngineOptions options) : engine_(std::move(options)) {}

  Told& message(Int session_time_ms, const char* topic, std::string payload) {
    return tell(session_time_ms, topic, std::move(payload), false);
  }
  Told& snapshot(Int session_time_ms, const char* topic, std::string payload) {
    return tell(session_time_ms, topic, std::move(payload), true);
  }
  // What every session has at its front: who it is, and a clock.
  Told& begins(const char* info = told_session_info) {
    message(0, "SessionInfo", info);
    return message(3110, "ExtrapolatedClock", R"({"Utc":"2025-10-25T20:46:27.009Z","Remaining":"00:18:00"})");
  }
  Told& timing(Int session_time_ms, const std::string& line) {
    return message(session_time_ms, "TimingData", R"({"Lines":{"4":)" + line + "}}");
  }
  // `message` has the members of one race control message, without its braces.
  Told& race_control(Int session_time_ms, const std::string& message) {
    const std::string number = std::to_string(race_control_count_++);
    return this->message(session_time_ms, "RaceControlMessages",
                         R"({"Messages":{")" + number + "\":{" + message + "}}}");
  }
  Told& ends() {
    engine_.finish(output_);
    return *this;
  }
  Engine& engine() { return engine_; }
  Output& output() { return output_; }
  template <class Row>
  std::vector<Published<Row>>& rows() {
    return output_.rows<Row>();
  }
  // The rows as they stand in the end, in the order of their first publication.
  template <class Row>
  std::vector<Row> table() {
    std::vector<std::pair<record::RowKey, Row>> kept;
    for (const auto& published : rows<Row>()) {
      const auto key = record::row_key(published.row);
      const auto known =
          std::find_if(kept.begin(), kept.end(), [&](const auto& e) { return e.first == key; });
      if (published.envelope.is_withdrawn) kept.erase(known);
      else if (known != kept.end()) known->second = published.row;
      else kept.emplace_back(key, published.row);
    }
    std::vector<Row> table;
    table.reserve(kept.size());
    for (auto& [key, row] : kept) table.push_back(std::move(row));
    return table;
  }

 private:
  Told& tell(Int session_time_ms, const char* topic, std::string payload, bool is_snapshot) {
    feed::Message message;
    message.feed_topic = topic;
    message.session_time = SessionTime(session_time_ms);
    message.payload = std::move(payload);
    message.is_snapshot = is_snapshot;
    engine_.apply(message, output_);
    return *this;
  }

  Engine engine_;
  Output output_;
  int race_control_count_ = 0;
};

// Lap 1 of car 4, out of the pits: 80 s by its sectors, set at 100 s.
inline Told& drive_a_lap(Told& told) {
  return told.begins()
      .timing(10'000, R"({"InPit":true})")
      .timing(20'000, R"({"InPit":false})")
      .timing(50'000, R"({"Sectors":{"0":{"Value":"30.000"}}})")
      .timing(75'000, R"({"Sectors":{"1":{"Value":"25.000"}}})")
      .timing(100'000, R"({"NumberOfLaps":1,"Sectors":{"2":{"Value":"25.000"}}})");
}

}  // namespace slipstream::session
