#include "core/wake.h"

#include <gtest/gtest.h>

#include <thread>

namespace slipstream {
namespace {

using namespace std::chrono_literals;

TEST(Wake, MissesNothingThatWasAnnouncedBetweenTwoWaits) {
  Wake wake;
  wake.announce();
  const std::uint64_t seen = wake.wait(0, 1h, {});
  EXPECT_EQ(seen, 1u);
  wake.announce();
  wake.announce();
  EXPECT_EQ(wake.wait(seen, 1h, {}), 3u);
}

TEST(Wake, EndsInTimeWithoutNews) {
  const Wake wake;
  EXPECT_EQ(wake.wait(0, 1ms, {}), 0u);
}

TEST(Wake, WakesAnotherThreadAndEndsWhenStopped) {
  Wake wake;
  std::uint64_t seen = 0;
  std::jthread waiter([&](const std::stop_token& stop) {
    while (!stop.stop_requested()) seen = wake.wait(seen, 1h, stop);
  });
  wake.announce();
  waiter.request_stop();
  waiter.join();
  EXPECT_LE(seen, 1u);
}

}  // namespace
}  // namespace slipstream
