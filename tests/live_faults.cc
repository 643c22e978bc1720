// A simulated session from the stand-in through the live client and the engine, under every fault and over
// many seeds: the recording has every byte that was received, its load gives the records that live gave, and
// where nothing was lost for good these are the rows of the undisturbed session. SLIPSTREAM_FAULT_SEEDS: how
// many seeds, each another session; make test takes one.
#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <charconv>
#include <map>
#include <mutex>
#include <thread>

#include "cli/simulated_session.h"
#include "feed/live_source.h"
#include "record/codec.h"
#include "record/row_key.h"
#include "record/telemetry.h"
#include "session/engine.h"
#include "session/session_splitter.h"
#include "simulate/stand_in.h"
#include "simulate/test_support.h"

namespace slipstream {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using feed::test::TempFolder;
using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr feed::BackoffOptions backoff = {4ms, 64ms, 1};
constexpr milliseconds retry_after = 1s;  // what the stand-in asks for

struct Case {
  const char* name;
  const char* faults;
  bool loses = false;  // something never comes
  bool changes_order = false;
  milliseconds silence = 5s;
};

void PrintTo(const Case& one, std::ostream* out) { *out << one.faults; }

// Rows of all tables but those that say what came over which connection.
using Rows = std::map<std::string, std::map<record::RowKey, std::string>>;

// The engine behind a source, as live and load run it.
class Folded {
 public:
  void take(feed::SourceItem item) {
    const auto belongs = splitter_.take(item);
    if (belongs == session::Belongs::left_session) return;
    if (belongs == session::Belongs::next_session) begin_next();
    if (const auto* message = std::get_if<feed::Message>(&item)) engine_->apply(*message, output_);
    else engine_->reject(std::get<feed::BrokenInput>(item), output_);
    keep();
  }
  void end() {
    engine_->finish(output_);
    keep();
  }

  std::vector<std::string> records;  // in the order of their publication
  Rows rows;
  std::int64_t gaps = 0;

 private:
  static std::unique_ptr<session::Engine> new_engine() {
    return std::make_unique<session::Engine>(session::EngineOptions{"session", feed::SourceKind::live});
  }
  void begin_next() {
    end();
    engine_ = new_engine();
  }
  void keep() {
    output_.for_each_table([this]<class Row>(std::vector<session::Published<Row>>& list) {
      if constexpr (record::is_sample<Row>) return;  // in telemetry, as on the log
      else keep(list);
    });
    output_.clear();
  }
  template <class Row>
  void keep(const std::vector<session::Published<Row>>& list) {
    const std::string table(record::Table<Row>::name);
    for (const auto& published : list) {
      std::string text;
      record::encode(published.row, {{}, published.envelope, {}, {}}, text);
      records.push_back(text);
      gaps += table == "feed_gaps" ? 1 : 0;
      if (table == "feed_gaps" || table == "completeness" || table == "manifest") continue;
      auto& row = rows[table][record::row_key(published.row)];
      row.clear();
      record::encode(published.row, {{}, {0, published.envelope.is_withdrawn}, {}, {}}, row);
    }
  }

  session::SessionSplitter splitter_;
  std::unique_ptr<session::Engine> engine_ = new_engine();
  session::Output output_;
};

struct Pause {
  milliseconds announced{};
  bool is_asked_for = false;  // by Retry-After
};

// What the client says of its tries, and whether it waits as long as it says.
class Tries {
 public:
  void note(const std::string& text) {
    const auto now = Clock::now();
    const std::scoped_lock lock(mutex_);
    if (waiting_since_) {
      const auto waited = now - *waiting_since_;
      EXPECT_GE(waited, pauses_.back().announced - 1ms) << text;
      waiting_since_.reset();
    }
    constexpr std::string_view words = "connecting again in ";
    if (text.starts_with(words)) {
      pauses_.push_back({milliseconds_of(text.substr(words.size())), was_429_});
      waiting_since_ = now;
    }
    was_429_ = text.find("answers 429") != std::string::npos;
  }
  std::vector<Pause> pauses() const {
    const std::scoped_lock lock(mutex_);
    return pauses_;
  }

 private:
  // "512 ms", "1.5 s"
  static milliseconds milliseconds_of(const std::string& text) {
    const double value = std::stod(text);
    return milliseconds(std::lround(text.ends_with(" ms") ? value : value * 1000));
  }

  mutable std::mutex mutex_;
  std::vector<Pause> pauses_;
  std::optional<Clock::time_point> waiting_since_;
  bool was_429_ = false;
};

// Each between half of the step and the step, which doubles; none of these connections held long enough to
// begin anew.
void expect_within_bounds(const std::vector<Pause>& pauses) {
  milliseconds step = backoff.first;
  for (const Pause& pause : pauses) {
    const milliseconds least = pause.is_asked_for ? retry_after : step / 2;
    EXPECT_GE(pause.announced, least);
    EXPECT_LE(pause.announced, pause.is_asked_for ? retry_after : step);
    step = std::min(step * 2, backoff.longest);
  }
}

std::string archive_of(cli::SimulatedArchive& archive, std::uint64_t seed) {
  cli::SimulateOptions options;
  options.seed = seed;
  options.laps = 2;
  options.cars = 5;
  const auto session = cli::simulated_session(options);
  EXPECT_TRUE(session) << session.error().message;
  const auto made = archive.make(*session);
  EXPECT_TRUE(made) << made.error().message;
  return made->folder;
}

struct Heard {
  Folded folded;
  feed::LiveStatus status;
  std::vector<Pause> pauses;
  std::vector<fs::path> recordings;
};

std::unique_ptr<simulate::StandIn> stand_in_of(std::vector<std::string> sources, const char* faults,
                                               std::uint64_t seed) {
  simulate::StandInOptions options;
  options.sources = std::move(sources);
  options.listen.port = 0;
  options.speed.reset();
  options.waits_for_clients = true;
  options.ping = 20ms;
  options.faults = *simulate::parse_faults(faults, seed);
  options.faults.stall_time = 60ms;
  auto started = simulate::StandIn::start(std::move(options));
  EXPECT_TRUE(started) << started.error().message;
  return std::move(*started);
}

// Where the end itself was lost, or no session is the last, the stand-in's end is the end.
void stop_behind(const simulate::StandIn& stand_in, feed::LiveSource& source, const std::stop_token& stop) {
  std::int64_t last = -1;
  while (!stop.stop_requested()) {
    for (int i = 0; i < 200 && !stop.stop_requested(); ++i) std::this_thread::sleep_for(10ms);
    const auto messages = source.status().counts.messages;
    if (stand_in.has_ended() && messages == last) return source.stop();
    last = messages;
  }
}

Heard hear(const std::vector<std::string>& sources, const Case& given, std::uint64_t seed,
           const fs::path& folder) {
  const auto stand_in = stand_in_of(sources, given.faults, seed);
  Tries tries;
  feed::LiveSourceOptions options;
  options.client.url = fmt::format("http://127.0.0.1:{}/signalrcore", stand_in->port());
  options.client.backoff = {backoff.first, backoff.longest, seed};
  options.client.end_grace = 20ms;
  options.client.silence = given.silence;
  options.client.ends_with_session = sources.size() == 1;
  options.client.token_file = (folder / "token").string();
  options.recorder = {folder / "raw", 1h, false};
  options.on_note = [&tries](const std::string& text) { tries.note(text); };
  std::ofstream(options.client.token_file) << simulate::test::token_until(4'000'000'000);
  Heard heard;
  {
    feed::LiveSource source(options);
    const std::jthread watchdog([&](const std::stop_token& stop) { stop_behind(*stand_in, source, stop); });
    feed::SourceItem item;
    while (true) {
      const auto has_item = source.next(item);
      EXPECT_TRUE(has_item) << has_item.error().message;
      if (!has_item || !*has_item) break;
      heard.folded.take(item);
    }
    heard.folded.end();
    heard.status = source.status();
  }
  heard.pauses = tries.pauses();
  for (const auto& entry : fs::directory_iterator(folder / "raw")) heard.recordings.push_back(entry.path());
  std::ranges::sort(heard.recordings);
  return heard;
}

Folded load(const std::vector<fs::path>& recordings) {
  Folded folded;
  for (const fs::path& path : recordings) {
    auto source = feed::open_source(path.string());
    EXPECT_TRUE(source) << source.error().message;
    feed::SourceItem item;
    while (source && *(*source)->next(item)) folded.take(item);
  }
  folded.end();
  return folded;
}

struct Received {
  std::int64_t frames = 0, bytes = 0;
};

// What of a recording are frames: all but the receipt in front of each, and the line's end behind.
Received frames_in(const std::vector<fs::path>& recordings) {
  Received received;
  for (const fs::path& path : recordings) {
    std::ifstream file(path, std::ios::binary);
    bool is_in_frame = false;
    for (std::string line; std::getline(file, line);) {
      const bool is_receipt = !is_in_frame && line.starts_with("t ");
      received.frames += is_receipt ? 1 : 0;
      if (!is_receipt) received.bytes += static_cast<std::int64_t>(line.size());
      is_in_frame = is_receipt;
    }
  }
  return received;
}

void expect_same_rows(const Rows& one, const Rows& another) {
  for (const auto& [table, rows] : another) {
    const auto found = one.find(table);
    ASSERT_NE(found, one.end()) << table;
    EXPECT_EQ(found->second.size(), rows.size()) << table;
    int shown = 0;
    for (const auto& [key, row] : rows) {
      const auto at = found->second.find(key);
      const std::string other = at == found->second.end() ? "no such row" : at->second;
      if (other != row && ++shown < 3)
        ADD_FAILURE() << table << "\n  undisturbed " << row << "\n  has " << other;
    }
  }
}

const Case undisturbed = {"undisturbed", ""};

// One seed's session and what it gives undisturbed: made once for all faults.
class Session {
 public:
  explicit Session(std::uint64_t seed) {
    sources.push_back(archive_of(archive_, seed));
    const TempFolder folder;
    rows = hear(sources, undisturbed, seed, folder.path()).folded.rows;
  }

  static const Session& of(std::uint64_t seed) {
    static std::map<std::uint64_t, std::unique_ptr<Session>> sessions;
    auto& session = sessions[seed];
    if (!session) session = std::make_unique<Session>(seed);
    return *session;
  }

  std::vector<std::string> sources;
  Rows rows;

 private:
  cli::SimulatedArchive archive_;
};

std::uint64_t seed_count() {
  const char* const text = std::getenv("SLIPSTREAM_FAULT_SEEDS");
  return text == nullptr ? 1 : static_cast<std::uint64_t>(std::max(1, std::atoi(text)));
}

void expect_recorded(const Heard& heard) {
  const Received received = frames_in(heard.recordings);
  EXPECT_EQ(received.frames, heard.status.counts.frames);
  EXPECT_EQ(received.bytes, heard.status.counts.bytes);
  EXPECT_TRUE(load(heard.recordings).records == heard.folded.records) << "a load gives other records";
  expect_within_bounds(heard.pauses);
}

class LiveFaults : public testing::TestWithParam<Case> {};

TEST_P(LiveFaults, RecordsAreTheUndisturbedOnesWhereNothingWasLost) {
  const Case& given = GetParam();
  milliseconds longest{};
  std::size_t pauses = 0;
  for (std::uint64_t seed = 1; seed <= seed_count(); ++seed) {
    SCOPED_TRACE(fmt::format("seed {}, --faults {}", seed, given.faults));
    const Session& session = Session::of(seed);
    const TempFolder folder;
    const Heard heard = hear(session.sources, given, seed, folder.path());
    ASSERT_EQ(heard.recordings.size(), 1u);
    expect_recorded(heard);
    EXPECT_LT(heard.folded.gaps, std::max<std::int64_t>(heard.status.counts.connections, 1));
    if (!given.loses && !given.changes_order) expect_same_rows(heard.folded.rows, session.rows);
    pauses += heard.pauses.size();
    for (const Pause& pause : heard.pauses) longest = std::max(longest, pause.announced);
    if (HasFailure()) return;
  }
  fmt::print("{} seeds, {} reconnects, the longest pause {} ms\n", seed_count(), pauses, longest.count());
}

INSTANTIATE_TEST_SUITE_P(
    Faults, LiveFaults,
    testing::Values(Case{"drop", "drop=0.003"}, Case{"stall", "stall=0.003"},
                    Case{"stall_and_left", "stall=0.003", true, false, 40ms},
                    Case{"duplicate", "duplicate=0.05"}, Case{"reorder", "reorder=0.02", false, true},
                    Case{"cut", "cut=0.003", true}, Case{"lose", "lose=0.01", true},
                    Case{"s401", "401=2", true}, Case{"s503", "503=3"}, Case{"s429", "429=1,503=1"},
                    Case{"expired_token", "expired-token", true}, Case{"slow", "slow"},
                    Case{"close", "close"}, Case{"many", "drop=0.002,duplicate=0.02,slow,503=2"}),
    [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace slipstream
