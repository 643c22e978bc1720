#include "bus/crc32c.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <string>

namespace slipstream::bus {
namespace {

// Source: RFC 3720, B.4, and the check value of the CRC catalogue.
TEST(Crc32c, AgreesWithPublishedSums) {
  EXPECT_EQ(crc32c("123456789"), 0xe3069283u);
  EXPECT_EQ(crc32c(""), 0u);
  EXPECT_EQ(crc32c(std::string(32, '\0')), 0x8a9136aau);
  EXPECT_EQ(crc32c(std::string(32, '\xff')), 0x62a8ab43u);
  std::string rising(32, '\0');
  for (std::size_t i = 0; i < rising.size(); ++i) rising[i] = static_cast<char>(i);
  EXPECT_EQ(crc32c(rising), 0x46dd794eu);
}

RC_GTEST_PROP(Crc32c, IsTheSameFromTablesAndFromTheProcessor,
              (std::uint32_t start, const std::string& bytes)) {
  RC_ASSERT(crc32c_software(start, bytes) == crc32c_hardware(start, bytes));
}

RC_GTEST_PROP(Crc32c, GoesOnWhereItStopped, (const std::string& first, const std::string& second)) {
  RC_ASSERT(~crc32c_software(crc32c_software(~0u, first), second) == crc32c(first + second));
}

}  // namespace
}  // namespace slipstream::bus
