// What the tests of serve/ share: records made by hand, a browser that keeps what it gets, a clock that
// stands.
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "net/server.h"
#include "record/codec.h"
#include "record/telemetry.h"
#include "serve/hub.h"
#include "serve/keyframes.h"
#include "serve/sections.h"
#include "serve/session_log.h"

namespace slipstream::serve::test {

namespace json = boost::json;

inline constexpr SessionKey test_session{9001};

template <class Row>
record::DecodedRecord record_of(Row row, std::int32_t revision = 0, bool is_withdrawn = false,
                                std::string build = "3.0001.a") {
  row.session_key = test_session;
  return {std::move(build), {revision, is_withdrawn}, std::move(row), {}};
}

inline record::Timing timing(std::int32_t driver_number, std::int32_t session_time_ms,
                             std::optional<std::int32_t> position = std::nullopt) {
  record::Timing row;
  row.driver_number = driver_number;
  row.session_time_ms = session_time_ms;
  row.position = position;
  return row;
}

inline record::Lap lap(std::int32_t driver_number, std::int32_t lap_number, std::int32_t end_ms,
                       std::optional<std::int32_t> lap_time_ms) {
  record::Lap row;
  row.driver_number = driver_number;
  row.lap_number = lap_number;
  row.session_time_ms = end_ms;
  row.lap_time_ms = lap_time_ms;
  return row;
}

inline record::Driver driver(std::int32_t driver_number, std::string code) {
  record::Driver row;
  row.driver_number = driver_number;
  row.driver_code = std::move(code);
  return row;
}

inline record::RaceControl race_control(std::int32_t message_number, std::int32_t session_time_ms,
                                        std::string message) {
  record::RaceControl row;
  row.message_number = message_number;
  row.session_time_ms = session_time_ms;
  row.message = std::move(message);
  return row;
}

inline record::SessionStatus session_status(std::int32_t message_number, std::int32_t session_time_ms,
                                            std::string status) {
  record::SessionStatus row;
  row.message_number = message_number;
  row.session_time_ms = session_time_ms;
  row.status = std::move(status);
  return row;
}

inline record::PositionSample position(std::int32_t driver_number, std::int32_t session_time_ms,
                                       std::int32_t x_dm, std::int32_t y_dm) {
  record::PositionSample row;
  row.driver_number = driver_number;
  row.session_time_ms = session_time_ms;
  row.status = "OnTrack";
  row.x_dm = x_dm;
  row.y_dm = y_dm;
  row.quality = "ok";
  return row;
}

// The same as it comes on the bus.
inline record::Telemetry position_row(std::int32_t driver_number, std::int32_t session_time_ms,
                                      std::int32_t x_dm, std::int32_t y_dm) {
  record::Telemetry row;
  row.driver_number = driver_number;
  row.source = record::source_position;
  row.session_time_ms = session_time_ms;
  row.status = "OnTrack";
  row.x_dm = x_dm;
  row.y_dm = y_dm;
  row.quality = record::quality_gap;
  return row;
}

// The same, reckoned from timing.
inline record::Telemetry estimated_row(std::int32_t driver_number, std::int32_t session_time_ms,
                                       std::int32_t x_dm, std::int32_t y_dm) {
  record::Telemetry row = position_row(driver_number, session_time_ms, x_dm, y_dm);
  row.status.reset();
  row.quality = record::quality_estimated;
  return row;
}

inline record::CircuitPoint circuit_point(std::int32_t number, std::int32_t x_dm, std::int32_t y_dm,
                                          double distance_m) {
  record::CircuitPoint row;
  row.point_number = number;
  row.x_dm = x_dm;
  row.y_dm = y_dm;
  row.distance_m = distance_m;
  return row;
}

inline record::CircuitLine circuit_length(double length_m) {
  record::CircuitLine row;
  row.line = "lap_end";
  row.distance_m = length_m;
  return row;
}

// What docs/live-protocol.md tells a browser to do with frames, and nothing more.
class Browser {
 public:
  void apply(std::string_view frame);
  // The view without the members that name the frame; cars that are too old are dropped, as a browser does.
  json::object view() const;
  bool has_view() const { return !view_.empty(); }

 private:
  json::object view_;
};

class FakePeer final : public net::WebSocketPeer {
 public:
  explicit FakePeer(std::uint64_t id) : id_(id) {}
  std::uint64_t id() const override { return id_; }
  bool send(std::shared_ptr<const std::string> frame) override;
  std::size_t queued_frames() const override { return queued; }
  void close() override { is_closed = true; }
  bool send_raw(std::string) override { return false; }
  void hang_up() override { close(); }

  json::object last() const { return json::parse(*frames.back()).as_object(); }
  json::object at(std::size_t index) const { return json::parse(*frames.at(index)).as_object(); }
  std::string last_type() const { return std::string(last().at("type").as_string()); }
  std::int64_t last_number() const { return last().at("number").as_int64(); }
  std::int64_t last_cursor() const { return last().at("cursor_ms").as_int64(); }

  std::vector<std::shared_ptr<const std::string>> frames;
  Browser browser;
  std::size_t queued = 0;
  bool takes_frames = true;
  bool is_closed = false;

 private:
  std::uint64_t id_;
};

// The snapshot of a log at a cursor, made without any state from before.
json::object fresh_view(const SessionLog& log, const FrameContext& context);

// A hub whose time the test moves.
class HubFixture {
 public:
  explicit HubFixture(std::uint64_t seed = 7) : hub([this] { return now_ms; }, seed) {}

  std::shared_ptr<FakePeer> join(std::string_view hello = R"({"type":"hello"})") {
    auto peer = std::make_shared<FakePeer>(++peers_);
    hub.open(peer);
    hub.receive(*peer, hello);
    return peer;
  }
  template <class Row>
  void add(Row row, std::int64_t session_time_ms, std::int32_t revision = 0, bool is_withdrawn = false) {
    hub.add(record_of(std::move(row), revision, is_withdrawn), session_time_ms);
  }
  // Lets `ms` of the clock pass in steps of a tick.
  void pass(std::int64_t ms, std::int64_t step_ms = 100) {
    for (std::int64_t passed = 0; passed < ms; passed += step_ms) {
      now_ms += step_ms;
      hub.tick();
    }
  }

  std::int64_t now_ms = 1'000'000;
  Hub hub;

 private:
  std::uint64_t peers_ = 0;
};

// A session of two minutes: every second a timing row and a message that tells its time.
class TwoMinutes : public HubFixture {
 public:
  void add_two_minutes() {
    add(session_status(0, 20'000, "Started"), 20'000);
    for (std::int32_t ms = 0; ms <= 120'000; ms += 1000) {
      add(timing(4, ms, ms / 1000), ms);
      add(race_control(ms / 1000, ms, "at " + std::to_string(ms)), ms);
    }
  }
  void edge(std::int64_t ms, Mode mode = Mode::replay, double speed = 10) {
    hub.set_edge(test_session, ms, mode, speed);
  }
  static std::int64_t position_of(const FakePeer& peer) {
    return peer.browser.view().at("rows").at("4").at("position").as_int64();
  }
  static bool is_at_edge(const FakePeer& peer) {
    return peer.browser.view().at("player").at("is_at_edge").as_bool();
  }
};

}  // namespace slipstream::serve::test
