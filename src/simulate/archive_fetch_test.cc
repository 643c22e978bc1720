// Sessions fetched from the stand-in's archive: whole, cut, late, from a mirror.
#include "feed/archive_fetch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <thread>

#include "simulate/stand_in.h"
#include "simulate/test_support.h"

namespace slipstream::simulate {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

const std::string session_path = "2025/2025-03-16_Test_Grand_Prix/2025-03-16_Race";

std::string text_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

class ArchiveFetch : public testing::Test {
 protected:
  void serve(const std::string& faults = "") {
    StandInOptions options;
    options.sources = {test::small_archive(folder, 200)};
    options.listen.port = 0;
    options.speed.reset();
    options.faults = *parse_faults(faults, 1);
    auto started = StandIn::start(std::move(options));
    ASSERT_TRUE(started.has_value());
    stand_in = std::move(*started);
  }
  std::string url() const { return fmt::format("http://127.0.0.1:{}/static/", stand_in->port()); }
  feed::FetchOptions options() const {
    feed::FetchOptions options;
    options.mirrors = {url()};
    options.root = copy.path();
    options.pause = 0ms;
    options.retry = 1ms;
    return options;
  }
  void expect_whole() const {
    for (const std::string name :
         {"TimingData.jsonStream", "SessionInfo.jsonStream", "CarData.z.jsonStream"}) {
      EXPECT_EQ(text_of(copy.path() / session_path / name), text_of(folder.path() / "session77" / name))
          << name;
    }
  }

  test::TempFolder folder, copy;
  std::unique_ptr<StandIn> stand_in;
};

TEST_F(ArchiveFetch, ASessionByName) {
  serve();
  feed::ArchiveFetcher fetcher(options());
  const auto fetched = fetcher.fetch({2025, "Test", "R"});
  ASSERT_TRUE(fetched.has_value()) << fetched.error().message;
  EXPECT_EQ(*fetched, copy.path() / session_path);
  expect_whole();
  EXPECT_TRUE(feed::open_source(fetched->string()).has_value());
}

TEST_F(ArchiveFetch, WhatIsThereIsNotAskedForAgain) {
  serve();
  ASSERT_TRUE(feed::ArchiveFetcher(options()).fetch_path(session_path + "/").has_value());
  feed::ArchiveFetcher again(options());
  ASSERT_TRUE(again.fetch_path(session_path).has_value());
  EXPECT_EQ(again.counts().files, 1);  // the index
  EXPECT_EQ(again.counts().files_kept, 10);
}

TEST_F(ArchiveFetch, AFileThatWasCutGoesOnWhereItStopped) {
  serve();
  const auto whole = text_of(folder.path() / "session77" / "TimingData.jsonStream");
  const auto head = net::fetch({.url = url() + session_path + "/TimingData.jsonStream"});
  copy.write(session_path + "/TimingData.jsonStream.part", whole.substr(0, 1000));
  copy.write(session_path + "/TimingData.jsonStream.part.etag", head->header("ETag"));
  feed::ArchiveFetcher all(options());
  ASSERT_TRUE(all.fetch_path(session_path).has_value());
  expect_whole();
  test::TempFolder other;
  auto fresh = options();
  fresh.root = other.path();
  feed::ArchiveFetcher without(fresh);
  ASSERT_TRUE(without.fetch_path(session_path).has_value());
  EXPECT_EQ(without.counts().bytes - all.counts().bytes, 1000);
}

TEST_F(ArchiveFetch, AFileThatIsAnotherNowBeginsAnew) {
  serve();
  copy.write(session_path + "/TimingData.jsonStream.part", "of an older one");
  copy.write(session_path + "/TimingData.jsonStream.part.etag", "\"old\"");
  ASSERT_TRUE(feed::ArchiveFetcher(options()).fetch_path(session_path).has_value());
  expect_whole();
}

TEST_F(ArchiveFetch, ABusyServerIsAskedAgain) {
  serve("503=4");
  ASSERT_TRUE(feed::ArchiveFetcher(options()).fetch_path(session_path).has_value());
  expect_whole();
}

TEST_F(ArchiveFetch, T10_TheNextMirrorIsAskedAndWhatNobodyHasIsNotFound) {
  serve();
  auto mirrored = options();
  mirrored.mirrors = {"http://127.0.0.1:1/static/", url() + "nothing/", url()};
  mirrored.tries = 2;
  ASSERT_TRUE(feed::ArchiveFetcher(mirrored).fetch_path(session_path).has_value());
  expect_whole();
  const auto missing = feed::ArchiveFetcher(options()).fetch_path("2025/2025-01-01_None/2025-01-01_Race/");
  EXPECT_EQ(missing.error().code, Errc::not_found);
}

TEST_F(ArchiveFetch, T10_AnArchiveThatIsLateIsNotFoundUntilThen) {
  serve("late-archive=0.2");
  EXPECT_EQ(feed::ArchiveFetcher(options()).fetch_path(session_path).error().code, Errc::not_found);
  while (!feed::ArchiveFetcher(options()).fetch_path(session_path)) std::this_thread::sleep_for(10ms);
  expect_whole();
}

TEST_F(ArchiveFetch, PathsThatClimbAreRefused) {
  serve();
  for (const std::string path : {"../x", "/etc/x", "2025/../../x", ""}) {
    EXPECT_EQ(feed::ArchiveFetcher(options()).fetch_path(path).error().code, Errc::malformed) << path;
  }
}

TEST(ArchivePoll, IsOftenInTheFirstHourAndEndsAfterADay) {
  EXPECT_EQ(feed::archive_poll_pause(0s), 120s);
  EXPECT_EQ(feed::archive_poll_pause(2h), 600s);
  EXPECT_EQ(feed::archive_poll_pause(25h), std::nullopt);
}

}  // namespace
}  // namespace slipstream::simulate
