// What came of the feed, and what an engine says at the end that it has published.
#include "session/manifest.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <map>

#include "session/engine_test_support.h"

namespace slipstream::session {
namespace {

using record::Completeness;
using record::Manifest;

// A short session: cars let out at 100 s, flag at 200 s, silence never longer than a second. Parts of it can
// be left out or broken.
struct Heard {
  Int from_ms = 0, to_ms = 300'000;
  Int silent_from_ms = 0, silent_to_ms = 0;  // nothing at all
  Int telemetry_lost_from_ms = 0, telemetry_lost_to_ms = 0;
  Int snapshot_at_ms = -1;  // the connection began anew
  Int broken_at_ms = -1;    // a TimingData line that cannot be read
  feed::SourceKind kind = feed::SourceKind::archive;
};

class Listener {
 public:
  explicit Listener(const Heard& heard) : engine_({"a test", heard.kind}) {
    say(heard.from_ms, "SessionInfo", R"({"Key":9873,"Type":"Practice","Name":"Practice 1"})");
    const bool is_late = heard.from_ms > 100'000;
    say(heard.from_ms, "SessionStatus", is_late ? R"({"Status":"Started"})" : R"({"Status":"Inactive"})");
    for (Int at = heard.from_ms; at < heard.to_ms; at += 1000) {
      if (at >= heard.silent_from_ms && at < heard.silent_to_ms) continue;
      if (at == 100'000) say(at, "SessionStatus", R"({"Status":"Started"})");
      if (at == 200'000) say(at, "SessionStatus", R"({"Status":"Finished"})");
      if (at % 15'000 == 0) say(at, "Heartbeat", "{}");
      if (at == heard.broken_at_ms) engine_.reject({7, "TimingData", {}, "bad base64", "x"}, output_);
      say(at, "TimingData", R"({"Lines":{"4":{"Position":")" + std::to_string(at / 1000 % 20 + 1) + R"("}}})",
          at == heard.snapshot_at_ms);
      if (at < heard.telemetry_lost_from_ms || at >= heard.telemetry_lost_to_ms) sample(at);
    }
    engine_.finish(output_);
  }
  template <class Row>
  const std::vector<Published<Row>>& rows() {
    return output_.rows<Row>();
  }
  Completeness topic(std::string_view name) {
    for (const auto& published : rows<Completeness>()) {
      if (published.row.topic == name) return published.row;
    }
    ADD_FAILURE() << "no row of " << name;
    return {};
  }
  std::string gapless() { return rows<Manifest>().back().row.gapless_topics.text; }
  Output& output() { return output_; }

 private:
  void say(Int at_ms, const char* topic, std::string payload, bool is_snapshot = false) {
    feed::Message message;
    message.feed_topic = topic;
    message.session_time = SessionTime(at_ms);
    message.payload = std::move(payload);
    message.is_snapshot = is_snapshot;
    engine_.apply(message, output_);
  }
  void sample(Int at_ms) {
    const UtcTime date = UtcTime(std::chrono::milliseconds(1'761'424'860'000 + at_ms));
    say(at_ms, "CarData.z",
        R"({"Entries":[{"Utc":")" + format_utc(date) + R"(","Cars":{"4":{"Channels":{"0":11000}}}}]})");
  }

  Engine engine_;
  Output output_;
};

constexpr const char* all_topics = R"(["CarData.z","Heartbeat","SessionInfo","SessionStatus","TimingData"])";

TEST(Completeness, SaysOfEveryTopicWhatCame) {
  Listener listener(
      {.telemetry_lost_from_ms = 50'000, .telemetry_lost_to_ms = 58'000, .broken_at_ms = 60'000});
  const Completeness timing = listener.topic("TimingData");
  EXPECT_EQ(timing.session_key, SessionKey(9873));
  EXPECT_EQ(timing.first_session_time_ms, 0);
  EXPECT_EQ(timing.last_session_time_ms, 299'000);
  EXPECT_EQ(timing.message_count, 300);
  EXPECT_EQ(timing.longest_gap_ms, 1000);
  EXPECT_EQ(timing.rejected_count, 1);
  EXPECT_EQ(listener.topic("CarData.z").longest_gap_ms, 9000);
  EXPECT_EQ(listener.topic("CarData.z").inferred, "zero_date") << "the samples have the only clock";
  EXPECT_EQ(listener.topic("SessionInfo").longest_gap_ms, std::nullopt) << "one message has no gap";
}

TEST(Completeness, SaysWhatWasInferredForWantOfATopic) {
  Engine engine({"a test", feed::SourceKind::recording});
  Output output;
  feed::Message message;
  message.feed_topic = "TimingData";
  message.payload = R"({"Lines":{"4":{"Line":1}}})";
  engine.apply(message, output);
  engine.reject({9, {}, {}, "half a line", "x"}, output);
  engine.finish(output);
  std::map<std::string, Completeness> rows;
  for (const auto& published : output.rows<Completeness>()) rows[published.row.topic] = published.row;
  EXPECT_EQ(rows["SessionInfo"].message_count, 0);
  EXPECT_EQ(rows["SessionInfo"].inferred, "session_key, zero_date");
  EXPECT_EQ(rows["unknown"].rejected_count, 1);
  EXPECT_EQ(rows["unknown"].first_session_time_ms, std::nullopt);
}

TEST(Gapless, ASessionHeardFromBeforeItsStartToBehindItsEndHasNoGap) {
  EXPECT_EQ(Listener({}).gapless(), all_topics);
  EXPECT_EQ(Listener({.kind = feed::SourceKind::live}).gapless(), all_topics);
}

TEST(Gapless, WhoComesLateOrLeavesEarlyHasHeardNoTopicWhole) {
  EXPECT_EQ(Listener({.from_ms = 120'000}).gapless(), "[]");
  EXPECT_EQ(Listener({.to_ms = 190'000}).gapless(), "[]");
}

TEST(Gapless, AConnectionThatBeganAnewMayHaveMissedAnything) {
  EXPECT_EQ(Listener({.snapshot_at_ms = 150'000}).gapless(), "[]");
  EXPECT_EQ(Listener({.snapshot_at_ms = 50'000}).gapless(), all_topics)
      << "before the start it has the state";
}

TEST(Gapless, SilenceOfTheHeartbeatIsAGap) {
  EXPECT_EQ(Listener({.silent_from_ms = 110'000, .silent_to_ms = 190'000}).gapless(), "[]");
}

TEST(Gapless, AHoleInTheTelemetryIsAGapOfThatTopicOnly) {
  EXPECT_EQ(Listener({.telemetry_lost_from_ms = 120'000, .telemetry_lost_to_ms = 140'000}).gapless(),
            R"(["Heartbeat","SessionInfo","SessionStatus","TimingData"])");
  EXPECT_EQ(Listener({.telemetry_lost_from_ms = 190'000, .telemetry_lost_to_ms = 300'000}).gapless(),
            R"(["Heartbeat","SessionInfo","SessionStatus","TimingData"])");
}

TEST(Gapless, WhatCouldNotBeReadIsAGap) {
  EXPECT_EQ(Listener({.broken_at_ms = 150'000}).gapless(),
            R"(["CarData.z","Heartbeat","SessionInfo","SessionStatus"])");
}

TEST(Gapless, EveryTableSaysWhichTopicsSettleIt) {
  const TopicSet all{"SessionInfo",
                     "SessionStatus",
                     "TimingData",
                     "TimingAppData",
                     "CarData.z",
                     "Position.z",
                     "WeatherData",
                     "RaceControlMessages",
                     "TrackStatus",
                     "TeamRadio",
                     "LapCount",
                     "ExtrapolatedClock",
                     "ChampionshipPrediction"};
  for (const record::TableSpec& table : record::all_tables()) {
    const bool is_about_sources = table.name == "completeness" || table.name == "manifest";
    EXPECT_EQ(is_gapless_table(table.name, all), !is_about_sources) << table.name;
  }
  EXPECT_TRUE(is_gapless_table("laps", {"TimingData"}));
  EXPECT_FALSE(is_gapless_table("car_samples", {"TimingData", "Position.z"}));
  EXPECT_FALSE(is_gapless_table("rejected", {"TimingData", "TimingAppData", "Position.z"}));
  EXPECT_FALSE(is_gapless_table("completeness", {"TimingData"}));
  EXPECT_FALSE(is_gapless_table("no_such_table", {"TimingData"}));
}

// What a warehouse would hold of what was published, counted anew.
template <class Row>
record::TableCount standing(Output& output) {
  std::map<record::RowKey, record::Envelope> last;
  record::TableCount count;
  for (const auto& published : output.rows<Row>()) {
    last.insert_or_assign(record::row_key(published.row), published.envelope);
    ++count.record_count;
  }
  for (const auto& [key, envelope] : last) {
    if (envelope.is_withdrawn) continue;
    ++count.row_count;
    count.checksum += record::row_hash(key, envelope.revision);
  }
  return count;
}

// The manifest in `output` says of every other table what stands there.
void expect_counts(Output& output) {
  ASSERT_EQ(output.rows<Manifest>().size(), 1u);
  const auto counts = record::table_counts_of(output.rows<Manifest>().front().row);
  ASSERT_TRUE(counts) << counts.error().message;
  ASSERT_EQ(counts->size(), record::all_tables().size() - 1) << "all tables but its own";
  std::size_t at = 0;
  output.for_each_table([&]<class Row>(std::vector<Published<Row>>&) {
    if constexpr (!std::is_same_v<Row, Manifest>) {
      record::TableCount expected = standing<Row>(output);
      expected.table = record::Table<Row>::name;
      expected.is_gapless = (*counts)[at].is_gapless;
      EXPECT_EQ((*counts)[at], expected) << expected.table;
      ++at;
    }
  });
}

TEST(Manifest, CountsTheRowsThatCountAtTheEnd) {
  Listener listener({});
  expect_counts(listener.output());
  const Manifest& manifest = listener.rows<Manifest>().front().row;
  EXPECT_EQ(manifest.session_key, SessionKey(9873));
  EXPECT_EQ(manifest.source, "a test");
  EXPECT_EQ(manifest.engine_version, engine_version);
  EXPECT_GT(standing<record::Session>(listener.output()).record_count, 1);
}

// Files get a row of telemetry once, with the revision that it would have had at the end of a live session.
TEST(Manifest, CountsTelemetryOfWhichOnlyTheLastRevisionCame) {
  EngineOptions options{"a test", feed::SourceKind::archive};
  options.is_batch = true;
  Told told(options);
  told.begins();
  for (int i = 0; i < 8; ++i) {
    const auto second = std::to_string(30 + i);
    told.message(
        6'000 + 1000 * i, "CarData.z",
        R"({"Entries":[{"Utc":"2025-10-25T20:46:)" + second + R"(.1Z","Cars":{"4":{"Channels":{"0":1}}}}]})");
    told.message(6'000 + 1000 * i, "Position.z",
                 R"({"Position":[{"Timestamp":"2025-10-25T20:46:)" + second +
                     R"(.2Z","Entries":{"4":{"Status":"OnTrack","X":1,"Y":2,"Z":3}}}]})");
  }
  told.timing(50'000, R"({"NumberOfLaps":1})").ends();
  ASSERT_EQ(told.rows<record::Telemetry>().size(), 16u);
  EXPECT_GT(told.rows<record::Telemetry>().front().envelope.revision, 0);
  expect_counts(told.output());
}

TEST(Manifest, ARowThatIsTakenBackCountsNoMore) {
  Output output;
  ManifestTally tally;
  RevisionTable<record::Lap> laps;
  record::Lap lap;
  lap.driver_number = 4;
  const auto step = [&](Int lap_number, optional<Int> lap_time_ms, bool is_withdrawn) {
    tally.mark(output);
    lap.lap_number = lap_number;
    lap.lap_time_ms = lap_time_ms;
    if (is_withdrawn) laps.withdraw(lap, 0, output);
    else laps.publish(lap, 0, output);
    tally.take(output, [](const auto&) {});
  };
  const auto laps_counted = [&] { return (*record::table_counts_of(tally.manifest("a test", 1, {})))[2]; };
  step(1, 80'000, false);
  const std::uint64_t one_lap = laps_counted().checksum;
  step(2, {}, false);
  step(2, 81'000, false);
  step(2, {}, true);
  EXPECT_EQ(laps_counted(), (record::TableCount{"laps", 4, 1, one_lap, false}));
  step(2, 82'000, false);
  EXPECT_EQ(laps_counted().row_count, 2);
  EXPECT_EQ(laps_counted().checksum, standing<record::Lap>(output).checksum);
}

}  // namespace
}  // namespace slipstream::session
