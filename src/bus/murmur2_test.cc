#include <gtest/gtest.h>
#include <utility>
#include <vector>

#include "bus/bus.h"

namespace slipstream::bus {
namespace {

// Source: Apache Kafka, clients/src/test/java/org/apache/kafka/common/utils/UtilsTest.java, testMurmur2.
TEST(Murmur2, AgreesWithKafkasJavaClient) {
  const std::vector<std::pair<std::string_view, std::int32_t>> cases = {
      {"21", -973932308},
      {"foobar", -790332482},
      {"a-little-bit-long-string", -985981536},
      {"a-little-bit-longer-string", -1486304829},
      {"lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971},
      {"abc", 479470107},
      {"", 275646681},
  };
  for (const auto& [key, hash] : cases) EXPECT_EQ(murmur2(key), static_cast<std::uint32_t>(hash)) << key;
}

TEST(Murmur2, TakesBytesAboveAsciiAsUnsigned) {
  // Source: librdkafka, src/rdmurmur2.c; and the same bytes at another alignment.
  const std::string text = "PreAmbleWillBeRemoved,ThePrePartThatIs";
  EXPECT_EQ(murmur2("kafka"), 0xd067cf64u);
  EXPECT_EQ(murmur2("giberish123456789"), 0x8f552b0cu);
  EXPECT_EQ(murmur2("1234"), 0x9fc97b14u);
  EXPECT_EQ(murmur2("234"), 0xe7c009cau);
  EXPECT_EQ(murmur2("34"), 0x873930dau);
  EXPECT_EQ(murmur2("4"), 0x5a4b5ca1u);
  EXPECT_EQ(murmur2(text), 0x78424f1cu);
  EXPECT_EQ(murmur2(std::string_view(text).substr(1)), 0x4a62b377u);
  EXPECT_NE(murmur2("\xff\xfe\x80"), murmur2("\x7f\x7e\x00"));
}

// Partitions as librdkafka's murmur2_random and Kafka's console producer put them on a broker with 20
// partitions.
TEST(PartitionOf, PutsDriversWhereKafkasClientsDo) {
  for (const char* driver : {"LEC", "ALB", "HAD", "COL"})
    EXPECT_EQ(partition_of(driver, 20).value, 17) << driver;
  for (const char* driver : {"NOR", "LAW", "BEA", "BOT"})
    EXPECT_EQ(partition_of(driver, 20).value, 5) << driver;
  for (const char* driver : {"PIA", "SAI", "TSU"}) EXPECT_EQ(partition_of(driver, 20).value, 2) << driver;
  EXPECT_EQ(partition_of("VER", 20).value, 6);
  EXPECT_EQ(partition_of("21", 12).value, 1173551340 % 12);
  EXPECT_EQ(partition_of("anything", 1).value, 0);
}

}  // namespace
}  // namespace slipstream::bus
