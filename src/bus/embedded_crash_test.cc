// A process that appends is killed at any moment: what append() returned for is there, once and in order.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>
#include <array>
#include <csignal>
#include <cstdlib>
#include <random>
#include <set>
#include <thread>

#include "bus/bus.h"
#include "bus/test_support.h"

namespace slipstream::bus {
namespace {

constexpr int batch_size = 50;
constexpr std::int32_t partition_count = 8;

// Appends batches of numbered records from `first` on, for ever, and reports through the pipe the end of each
// batch that append() returned for. The number is the timestamp; 22 keys as a field of drivers has.
[[noreturn]] void append_until_killed(const std::string& folder, std::int64_t first, int report) {
  const auto bus = open_embedded_bus(folder);
  if (!bus || !(*bus)->ensure_topic("t", partition_count)) ::_exit(1);
  for (std::int64_t end = first + batch_size;; first = end, end += batch_size) {
    std::vector<OwnRecord> records;
    for (std::int64_t i = first; i < end; ++i) {
      const std::string text = std::to_string(i);
      records.push_back(
          {"car" + std::to_string(i % 22), text + std::string(300, '.'), i, {{"number", text}}});
    }
    if (!append(**bus, "t", records)) ::_exit(2);
    if (::write(report, &end, sizeof end) != sizeof end) ::_exit(3);
  }
}

// Runs a writer and kills it after `delay` from its first report. Returns the end of what it reported.
std::int64_t run_and_kill(const std::string& folder, std::int64_t first, std::chrono::microseconds delay) {
  std::array<int, 2> ends{};
  if (::pipe(ends.data()) != 0) return -1;
  const pid_t child = ::fork();
  if (child == 0) append_until_killed(folder, first, ends[1]);
  ::close(ends[1]);
  std::int64_t reported = first;
  std::int64_t end = 0;
  bool is_alive = true;
  // Only after the first report: a child that never came to append would prove nothing.
  while (::read(ends[0], &end, sizeof end) == sizeof end) {
    reported = end;
    if (is_alive) {
      std::this_thread::sleep_for(delay);
      ::kill(child, SIGKILL);
      is_alive = false;
    }
  }
  ::close(ends[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status)) << "the writer ended by itself with status " << status;
  return reported;
}

int rounds() {
  const char* text = std::getenv("SLIPSTREAM_CRASH_ROUNDS");
  return text == nullptr ? 20 : std::atoi(text);
}

TEST(EmbeddedBusCrash, KeepsWhatAppendReturnedForWhenTheProcessIsKilled) {
  const ScratchFolder folder;
  const auto seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  std::set<std::int64_t> reported;
  std::int64_t first = 0;
  for (int round = 0; round < rounds(); ++round) {
    const std::chrono::microseconds delay(random() % 20'000);
    const std::int64_t end = run_and_kill(folder.path(), first, delay);
    for (std::int64_t i = first; i < end; ++i) reported.insert(reported.end(), i);
    // What the killed append left may be there in part: the next round takes numbers of its own.
    first = end + batch_size;

    const auto bus = must_open(folder.path());
    std::set<std::int64_t> found;
    std::map<std::string, std::int64_t> last;
    for (std::int32_t p = 0; p < partition_count; ++p) {
      for (const OwnRecord& record : read_all(*bus, "t", Partition(p), 1 << 20)) {
        ASSERT_TRUE(found.insert(record.timestamp_ms).second) << record.timestamp_ms << " is there twice";
        ASSERT_EQ(record.headers.at(0).second, std::to_string(record.timestamp_ms));
        const auto [at, is_first] = last.try_emplace(record.key, record.timestamp_ms);
        ASSERT_TRUE(is_first || at->second < record.timestamp_ms) << "order of " << record.key;
        at->second = record.timestamp_ms;
      }
    }
    for (const std::int64_t number : reported) ASSERT_TRUE(found.contains(number)) << number << " is lost";
    // At most the one batch of each round that was under way came in beyond what was reported.
    ASSERT_LE(found.size(), reported.size() + static_cast<std::size_t>((round + 1) * batch_size));
  }
}

}  // namespace
}  // namespace slipstream::bus
