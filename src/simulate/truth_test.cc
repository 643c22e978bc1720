#include "simulate/truth.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "simulate/drive.h"

namespace slipstream::simulate {
namespace {

namespace fs = std::filesystem;

std::string text_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

class TruthTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto* info = ::testing::UnitTest::GetInstance()->current_test_info();
    dir_ = fs::temp_directory_path() / (std::string("slipstream_truth_") + info->name());
    fs::remove_all(dir_);
  }
  void TearDown() override { fs::remove_all(dir_); }

  fs::path dir_;
};

TEST_F(TruthTest, EveryRowOfALapIsALine) {
  Options options;
  options.cars = 4;
  options.laps = 3;
  const auto history = drive(options);
  ASSERT_TRUE(history);
  ASSERT_TRUE(write_truth(*history, dir_));
  const std::string laps = text_of(dir_ / "laps.csv");
  EXPECT_TRUE(laps.starts_with("session_key,driver_number,lap_number,"));
  EXPECT_EQ(std::ranges::count(laps, '\n'), static_cast<std::ptrdiff_t>(history->laps.size() + 1));
  const std::string positions = text_of(dir_ / "positions.csv");
  EXPECT_EQ(std::ranges::count(positions, '\n'),
            static_cast<std::ptrdiff_t>(4 * history->cars[0].states.size() + 1));
}

TEST_F(TruthTest, TwiceTheSameBytes) {
  Options options;
  options.cars = 2;
  options.laps = 1;
  ASSERT_TRUE(write_truth(*drive(options), dir_));
  const std::string first = text_of(dir_ / "positions.csv") + text_of(dir_ / "crossings.csv");
  ASSERT_TRUE(write_truth(*drive(options), dir_));
  EXPECT_EQ(first, text_of(dir_ / "positions.csv") + text_of(dir_ / "crossings.csv"));
}

TEST_F(TruthTest, AFolderThatCannotBeMadeIsUnavailable) {
  std::ofstream(dir_).put('x');
  EXPECT_EQ(write_truth(History{}, dir_ / "below").error().code, Errc::unavailable);
}

}  // namespace
}  // namespace slipstream::simulate
