// The live client against the stand-in, in one process, under every fault: what it recorded is every frame
// that it received, what it gives is what a load of the recording gives, and where nothing was lost that is
// the undisturbed session.
#include "feed/live_source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <future>
#include <map>
#include <set>

#include "simulate/stand_in.h"
#include "simulate/test_support.h"

namespace slipstream::simulate {
namespace {

using namespace std::chrono_literals;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;
namespace fs = std::filesystem;

constexpr int message_count = 300;

struct Heard {
  std::vector<std::string> messages;  // topic and payload
  std::vector<std::string> whole;     // with time and offset
  feed::LiveStatus status;
  std::vector<std::string> notes;
  Result<void> end;
};

void add(const feed::SourceItem& item, Heard& heard) {
  const auto* const message = std::get_if<feed::Message>(&item);
  if (message == nullptr) return heard.whole.push_back("broken " + std::get<feed::BrokenInput>(item).reason);
  const std::string text = message->feed_topic + " " + message->payload;
  if (!message->is_snapshot) heard.messages.push_back(text);
  heard.whole.push_back(fmt::format("{} {} {}", message->session_time.count(), message->source_offset, text));
}

std::unique_ptr<StandIn> stage(const test::TempFolder& folder, const std::string& faults, std::uint64_t seed,
                               std::vector<std::string> sources = {}) {
  StandInOptions options;
  options.sources =
      sources.empty() ? std::vector{test::small_archive(folder, message_count)} : std::move(sources);
  options.listen.port = 0;
  options.speed.reset();
  options.waits_for_clients = true;
  options.from = SessionTime(1050);
  options.ping = 20ms;
  options.faults = *parse_faults(faults, seed);
  options.faults.stall_time = 60ms;
  auto started = StandIn::start(std::move(options));
  EXPECT_TRUE(started.has_value());
  return std::move(*started);
}

feed::LiveSourceOptions options_for(const StandIn& stand_in, const fs::path& folder, std::uint64_t seed = 0) {
  feed::LiveSourceOptions options;
  options.client.url = fmt::format("http://127.0.0.1:{}/signalrcore", stand_in.port());
  options.client.backoff = {1ms, 20ms, seed};
  options.client.end_grace = 10ms;
  options.client.silence = 5s;
  options.recorder = {folder, 1h, false};
  return options;
}

Heard listen(StandIn& stand_in, feed::LiveSourceOptions options, std::size_t items_max = std::size_t(-1)) {
  Heard heard;
  std::mutex mutex;
  options.on_note = [&](const std::string& text) {
    const std::scoped_lock lock(mutex);
    heard.notes.push_back(text);
  };
  feed::LiveSource source(options);
  // Where the end itself was lost, the stand-in's end is the end, once a busy machine has caught up with it.
  const std::jthread watchdog([&](const std::stop_token& stop) {
    std::int64_t last = -1;
    while (!stop.stop_requested()) {
      for (int i = 0; i < 200 && !stop.stop_requested(); ++i) std::this_thread::sleep_for(10ms);
      const auto messages = source.status().counts.messages;
      if (stand_in.has_ended() && messages == last) return source.stop();
      last = messages;
    }
  });
  feed::SourceItem item;
  for (std::size_t i = 0; i < items_max; ++i) {
    const auto has_item = source.next(item);
    if (!has_item) heard.end = tl::make_unexpected(has_item.error());
    if (!has_item || !*has_item) break;
    add(item, heard);
  }
  heard.status = source.status();
  source.stop();
  return heard;
}

std::vector<fs::path> recordings_in(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder)) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

Heard load(const fs::path& path) {
  Heard heard;
  auto source = feed::open_source(path.string());
  EXPECT_TRUE(source.has_value()) << path;
  feed::SourceItem item;
  while (source && *(*source)->next(item)) add(item, heard);
  return heard;
}

std::int64_t frames_in(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string text(std::istreambuf_iterator<char>(file), {});
  std::int64_t count = 0;
  for (std::size_t at = 0; at != std::string::npos; at = text.find("\nt ", at + 1)) {
    count += text.compare(at, 3, "\nt ") == 0 || (at == 0 && text.starts_with("t ")) ? 1 : 0;
  }
  return count;
}

Heard undisturbed() {
  const test::TempFolder folder, records;
  const auto stand_in = stage(folder, "", 0);
  return listen(*stand_in, options_for(*stand_in, records.path()));
}

class UnderFault : public testing::TestWithParam<std::tuple<const char*, int>> {};

TEST_P(UnderFault, TheRecordingHasAllThatWasReceivedAndNothingElseIsLost) {
  const auto [faults, seed] = GetParam();
  const test::TempFolder folder, records;
  const auto stand_in = stage(folder, faults, static_cast<std::uint64_t>(seed));
  const auto heard =
      listen(*stand_in, options_for(*stand_in, records.path(), static_cast<std::uint64_t>(seed)));
  ASSERT_TRUE(heard.end.has_value()) << heard.end.error().message;
  const auto files = recordings_in(records.path());
  ASSERT_EQ(files.size(), 1u);
  EXPECT_EQ(frames_in(files[0]), heard.status.counts.frames);
  EXPECT_EQ(load(files[0]).whole, heard.whole);
  static const Heard whole = undisturbed();
  const std::set<std::string> came(heard.messages.begin(), heard.messages.end());
  const std::string kind(faults);
  if (kind.starts_with("lose") || kind.starts_with("cut")) {
    EXPECT_LE(came.size(), whole.messages.size());
    return;
  }
  // Nothing was lost: every message came, in its order where the order was not what went wrong.
  EXPECT_EQ(came, std::set<std::string>(whole.messages.begin(), whole.messages.end()));
  if (kind.find("duplicate") != std::string::npos || kind.starts_with("reorder")) return;
  EXPECT_EQ(heard.messages, whole.messages);
}

// SLIPSTREAM_FAULT_SEEDS: how many; more than a few take minutes.
int seed_count() {
  const char* const text = std::getenv("SLIPSTREAM_FAULT_SEEDS");
  return text == nullptr ? 3 : std::max(1, std::atoi(text));
}

INSTANTIATE_TEST_SUITE_P(
    Faults, UnderFault,
    testing::Combine(testing::Values("", "drop=0.02", "cut=0.02", "lose=0.02", "duplicate=0.1", "reorder=0.1",
                                     "stall=0.01", "slow", "401=2", "503=3", "429=0,503", "expired-token",
                                     "drop=0.01,duplicate=0.05,slow,503=2"),
                     testing::Range(1, 1 + seed_count())),
    [](const auto& info) {
      std::string name = fmt::format("{}_seed{}", std::get<0>(info.param), std::get<1>(info.param));
      for (char& c : name) c = std::isalnum(static_cast<unsigned char>(c)) ? c : '_';
      return "fault_" + name;
    });

TEST(LiveSource, ReconnectsAsOftenAsItIsCutOff) {
  const test::TempFolder folder, records;
  const auto stand_in = stage(folder, "drop=0.02", 4);
  const auto heard = listen(*stand_in, options_for(*stand_in, records.path()));
  EXPECT_GT(heard.status.counts.connections, 2);
}

TEST(LiveSource, ASilentServerIsLeftAndMetAgain) {
  const test::TempFolder folder, records;
  auto stand_in = stage(folder, "stall=0.01", 1);
  auto options = options_for(*stand_in, records.path());
  options.client.silence = 40ms;
  const auto heard = listen(*stand_in, options);
  EXPECT_GT(heard.status.counts.silences, 0);
  EXPECT_THAT(heard.notes, Contains(HasSubstr("nothing came for")));
}

// A server that keeps what it was asked, in front of nothing: the client goes no further than the socket.
TEST(LiveSource, T2_TheCookieGoesWithNegotiateAndSocket) {
  std::mutex mutex;
  std::vector<std::string> asked;
  const auto note = [&](const net::Request& request) {
    const std::scoped_lock lock(mutex);
    asked.push_back(fmt::format("{} {} {}", request.method, request.path, request.header("Cookie")));
  };
  net::Handlers handlers;
  handlers.on_request = [&](const net::Request& request) {
    note(request);
    auto response = net::Response::text(200, "application/json", R"({"connectionToken":"a b"})");
    response.headers.emplace_back("Set-Cookie", "AWSALB=x; Path=/");
    if (request.method == "OPTIONS") response.headers.emplace_back("Set-Cookie", "AWSALBCORS=one; Path=/");
    return response;
  };
  std::atomic<bool> has_asked = false;
  handlers.accepts_websocket = [&](const net::Request& request) {
    note(request);
    EXPECT_EQ(request.parameter("id"), "a b");
    has_asked = true;
    return false;
  };
  net::ServerOptions listening;
  listening.port = 0;
  listening.takes_options = true;
  const auto server = net::start_server(listening, handlers);
  feed::LiveSourceOptions options;
  options.client.url = fmt::format("http://127.0.0.1:{}/signalrcore", (*server)->port());
  feed::LiveSource source(options);
  while (!has_asked) std::this_thread::sleep_for(1ms);
  source.stop();
  const std::scoped_lock lock(mutex);
  EXPECT_EQ(asked[0], "OPTIONS /signalrcore/negotiate ");
  EXPECT_EQ(asked[1], "POST /signalrcore/negotiate AWSALBCORS=one");
  EXPECT_EQ(asked[2], "GET /signalrcore AWSALBCORS=one");
}

TEST(LiveSource, WithoutATokenItSaysWhatIsMissing) {
  const test::TempFolder folder, records;
  const auto stand_in = stage(folder, "", 1);
  const auto heard = listen(*stand_in, options_for(*stand_in, records.path()));
  EXPECT_THAT(heard.notes, Contains(AllOf(HasSubstr("missing without a token"), HasSubstr("CarData.z"))));
  EXPECT_THAT(heard.whole, Not(Contains(HasSubstr("CarData.z"))));
}

TEST(LiveSource, WithATokenAllComesAndTheTokenIsInNoFileAndNoNote) {
  const test::TempFolder folder, records, secret;
  const auto stand_in = stage(folder, "", 1);
  auto options = options_for(*stand_in, records.path());
  const std::string token = test::token_until(4'000'000'000);
  options.client.token_file = secret.write("token", token + "\n");
  const auto heard = listen(*stand_in, options);
  EXPECT_THAT(heard.messages, Contains(HasSubstr("CarData.z {\"n\":3}")));
  EXPECT_THAT(heard.notes, Contains(HasSubstr("F1TV token: expires in")));
  EXPECT_THAT(heard.notes, Not(Contains(HasSubstr(token))));
  std::ifstream file(recordings_in(records.path()).at(0), std::ios::binary);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}).find(token), std::string::npos);
}

TEST(LiveSource, ATokenThatIsRefusedIsGoneOnWithout) {
  const test::TempFolder folder, records, secret;
  const auto stand_in = stage(folder, "401", 1);
  auto options = options_for(*stand_in, records.path());
  options.client.token_file = secret.write("token", test::token_until(4'000'000'000));
  const auto heard = listen(*stand_in, options);
  EXPECT_THAT(heard.notes, Contains(HasSubstr("refuses it (401)")));
  EXPECT_FALSE(heard.messages.empty());
}

TEST(LiveSource, ATokenThatEndsWithinADayIsWarnedOf) {
  const test::TempFolder folder, records, secret;
  const auto stand_in = stage(folder, "", 1);
  auto options = options_for(*stand_in, records.path());
  const auto soon = std::chrono::system_clock::now() + 20h;
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(soon.time_since_epoch()).count();
  options.client.token_file = secret.write("token", test::token_until(seconds));
  const auto heard = listen(*stand_in, options);
  EXPECT_THAT(heard.notes, Contains(HasSubstr("get a new one")));
}

TEST(LiveSource, AnExpiredTokenIsToldAndNotSent) {
  const test::TempFolder folder, records, secret;
  const auto stand_in = stage(folder, "", 1);
  auto options = options_for(*stand_in, records.path());
  options.client.token_file = secret.write("token", test::token_until(1'700'000'000));
  const auto heard = listen(*stand_in, options);
  EXPECT_THAT(heard.notes, Contains(AllOf(HasSubstr("expired"), HasSubstr("going on without"))));
}

TEST(LiveSource, T6_ANewSessionOnTheSameSocketIsARecordingOfItsOwn) {
  const test::TempFolder folder, records;
  const auto stand_in =
      stage(folder, "", 1, {test::small_archive(folder, 50, 77), test::small_archive(folder, 50, 78)});
  auto options = options_for(*stand_in, records.path());
  options.client.ends_with_session = false;
  const auto heard = listen(*stand_in, options);
  const auto files = recordings_in(records.path());
  ASSERT_EQ(files.size(), 2u);
  EXPECT_THAT(files[0].filename().string(), HasSubstr("_77_"));
  EXPECT_THAT(files[1].filename().string(), HasSubstr("_78_"));
  auto loaded = load(files[0]).whole;
  const auto second = load(files[1]).whole;
  loaded.insert(loaded.end(), second.begin(), second.end());
  EXPECT_EQ(heard.whole, loaded);
  EXPECT_EQ(heard.status.counts.connections, 1);
}

TEST(LiveSource, ARunThatWasStoppedIsGoneOnWithFromItsRecording) {
  const test::TempFolder folder, records;
  const auto stand_in = stage(folder, "", 1);
  const auto first = listen(*stand_in, options_for(*stand_in, records.path()), 100);
  const auto second = listen(*stand_in, options_for(*stand_in, records.path()));
  ASSERT_GE(second.whole.size(), first.whole.size());
  EXPECT_TRUE(std::equal(first.whole.begin(), first.whole.end(), second.whole.begin()));
  const auto files = recordings_in(records.path());
  ASSERT_EQ(files.size(), 1u);
  EXPECT_EQ(load(files[0]).whole, second.whole);
}

TEST(LiveSource, ASessionThatEndedWhileNobodyListenedEndsWithItsRecording) {
  const test::TempFolder folder, records;
  const auto stand_in = stage(folder, "", 1);
  listen(*stand_in, options_for(*stand_in, records.path()), 20);
  {  // Somebody else hears the rest.
    const test::TempFolder others;
    listen(*stand_in, options_for(*stand_in, others.path()));
  }
  feed::LiveSource source(options_for(*stand_in, records.path()));
  feed::SourceItem item;
  Heard heard;
  while (*source.next(item)) add(item, heard);
  EXPECT_EQ(load(recordings_in(records.path()).at(0)).whole, heard.whole);
}

TEST(LiveSource, TheEndOfASessionIsNotThatOfTheNextOnTheSameSocket) {
  const test::TempFolder folder, records;
  const auto stand_in =
      stage(folder, "", 1, {test::small_archive(folder, 50, 77), test::small_archive(folder, 50, 78)});
  auto options = options_for(*stand_in, records.path());
  options.client.end_grace = 500ms;
  const auto heard = listen(*stand_in, options);
  const auto files = recordings_in(records.path());
  ASSERT_EQ(files.size(), 2u);
  EXPECT_EQ(heard.whole.size(), load(files[0]).whole.size() + load(files[1]).whole.size());
}

TEST(LiveSource, WhoWaitsForASessionLeavesOneAloneThatWasOverBefore) {
  const test::TempFolder folder, records;
  const auto stand_in = stage(folder, "", 1);
  {
    const test::TempFolder others;
    listen(*stand_in, options_for(*stand_in, others.path()));
  }
  auto options = options_for(*stand_in, records.path());
  options.waits_for_session = true;
  std::promise<std::string> over;
  options.on_over = [&over](const std::string& path) { over.set_value(path); };
  feed::LiveSource source(options);
  EXPECT_THAT(over.get_future().get(), HasSubstr("2025-03-16_Race"));
  std::this_thread::sleep_for(50ms);  // longer than it goes on behind an end
  EXPECT_TRUE(source.status().is_connected);
  EXPECT_TRUE(source.is_waiting());
  EXPECT_THAT(recordings_in(records.path()), testing::IsEmpty());
}

TEST(LiveSource, WhoWaitsForASessionHearsAllOfOneThatRuns) {
  const test::TempFolder folder, records;
  const auto stand_in = stage(folder, "", 0);
  auto options = options_for(*stand_in, records.path());
  options.waits_for_session = true;
  EXPECT_EQ(listen(*stand_in, options).messages, undisturbed().messages);
}

TEST(LiveSource, AServerThatIsNotThereIsTriedAgainUntilStopped) {
  feed::LiveSourceOptions options;
  options.client.url = "http://127.0.0.1:1/signalrcore";
  options.client.backoff = {1ms, 2ms, 1};
  feed::LiveSource source(options);
  while (source.status().counts.failed_tries < 5) std::this_thread::sleep_for(1ms);
  source.stop();
  feed::SourceItem item;
  EXPECT_EQ(source.next(item).value_or(true), false);
}

TEST(LiveSource, AUrlThatIsNoneIsAnError) {
  feed::LiveSourceOptions options;
  options.client.url = "http://example.com/signalrcore";
  feed::LiveSource source(options);
  feed::SourceItem item;
  const auto next = source.next(item);
  ASSERT_FALSE(next.has_value());
  EXPECT_EQ(next.error().code, Errc::unsupported);
}

}  // namespace
}  // namespace slipstream::simulate
