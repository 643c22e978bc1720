#include <bit>
#include <cstring>

#include "bus/bus.h"

namespace slipstream::bus {
namespace {

constexpr std::uint32_t multiplier = 0x5bd1e995;
constexpr std::uint32_t seed = 0x9747b28c;  // of Kafka's Java client

}  // namespace

std::uint32_t murmur2(std::string_view key) {
  static_assert(std::endian::native == std::endian::little);
  auto hash = seed ^ static_cast<std::uint32_t>(key.size());
  std::size_t at = 0;
  for (; at + 4 <= key.size(); at += 4) {
    std::uint32_t word = 0;
    std::memcpy(&word, key.data() + at, 4);
    word *= multiplier;
    word ^= word >> 24;
    hash = (hash * multiplier) ^ (word * multiplier);
  }
  if (at < key.size()) {
    std::uint32_t rest = 0;
    std::memcpy(&rest, key.data() + at, key.size() - at);
    hash = (hash ^ rest) * multiplier;
  }
  hash ^= hash >> 13;
  hash *= multiplier;
  return hash ^ (hash >> 15);
}

Partition partition_of(std::string_view key, std::int32_t partition_count) {
  SLIP_CHECK(partition_count > 0);
  const auto positive = static_cast<std::int32_t>(murmur2(key) & 0x7fffffffu);
  return Partition(positive % partition_count);
}

}  // namespace slipstream::bus
