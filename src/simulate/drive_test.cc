#include "simulate/drive.h"

#include <gtest/gtest.h>

namespace slipstream::simulate {
namespace {

TEST(Drive, RefusesWhatIsOutOfRange) {
  Options options;
  options.cars = 31;
  EXPECT_FALSE(drive(options));
}

TEST(Drive, ARaceIsDrivenToItsEnd) {
  Options options;
  options.laps = 3;
  const auto history = drive(options);
  ASSERT_TRUE(history);
  EXPECT_GT(history->laps.size(), 40U);
}

}  // namespace
}  // namespace slipstream::simulate
