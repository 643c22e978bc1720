#include "cli/report.h"

#include <gtest/gtest.h>
#include <spdlog/spdlog.h>

namespace slipstream::cli {
namespace {

TEST(Report, WhatIsLoggedDoesNotMixWithACommandsResult) {
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  log_to_stderr();
  spdlog::warn("bus: cut off a torn end");
  print("the result\n");
  const std::string result = testing::internal::GetCapturedStdout();
  const std::string log = testing::internal::GetCapturedStderr();
  EXPECT_EQ(result, "the result\n");
  EXPECT_NE(log.find("bus: cut off a torn end"), std::string::npos) << log;
}

}  // namespace
}  // namespace slipstream::cli
