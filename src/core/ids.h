// Strong ids: two numbers of different meaning never mix. Values; comparable, hashable.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>

namespace slipstream {

template <class Rep, class Tag>
struct StrongId {
  Rep value{};
  constexpr StrongId() = default;
  constexpr explicit StrongId(Rep v) : value(v) {}
  friend constexpr auto operator<=>(const StrongId&, const StrongId&) = default;
};

// F1's SessionInfo.Key (> 0), or a negative number derived from the source's bytes where F1 gave none.
using SessionKey = StrongId<std::int64_t, struct SessionKeyTag>;
// The number on the car, 1..999. Identity inside one session only (feed.md D2).
using DriverNumber = StrongId<std::int32_t, struct DriverNumberTag>;
// Counts a car's laps from 1.
using LapNumber = StrongId<std::int32_t, struct LapNumberTag>;
// A bus partition, 0..n-1, and the place of a record in it, counted from 0.
using Partition = StrongId<std::int32_t, struct PartitionTag>;
using Offset = StrongId<std::int64_t, struct OffsetTag>;

}  // namespace slipstream

template <class Rep, class Tag>
struct std::hash<slipstream::StrongId<Rep, Tag>> {
  std::size_t operator()(const slipstream::StrongId<Rep, Tag>& id) const noexcept {
    return std::hash<Rep>{}(id.value);
  }
};
