// What F1's feed does that a tidy one would not: each quirk has a switch and a rate. Values; safe from any
// thread. Where each was seen: docs/feed.md.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "core/result.h"

namespace slipstream::simulate {

enum class Quirk {
  late_values,      // values of a lap come up to 5 s after its line (L3)
  delays,           // messages lag behind what they tell of, by a time that varies (L8)
  no_data_104,      // throttle and brake 104 of a car that does not run (C4)
  gear_glitches,    // gears above eight (C6b)
  zero_frames,      // every car at 0, 0, 0 (C9)
  course_cars,      // 241 to 243, which never move (C12)
  support_series,   // drivers of other series in DriverList (D1)
  late_compounds,   // UNKNOWN, corrected later (L16)
  late_total_laps,  // TotalLaps is one too many until the end (L14)
  deleted_members,  // `_deleted` (P4)
};
inline constexpr std::size_t quirk_count = 10;

struct Quirks {
  std::array<double, quirk_count> rates{};  // of what a quirk may befall, how much it does; 0 is off

  double rate(Quirk quirk) const { return rates[static_cast<std::size_t>(quirk)]; }
  bool has(Quirk quirk) const { return rate(quirk) > 0; }
};

// Every quirk at the rate that was measured in real recordings.
Quirks measured_quirks();
std::string_view name_of(Quirk quirk);

// "none", "all", or names with commas between, each with its rate where it is not the measured one:
// "delays,zero_frames=0.02". Errors: malformed, with the names that there are.
Result<Quirks> parse_quirks(std::string_view text);

}  // namespace slipstream::simulate
