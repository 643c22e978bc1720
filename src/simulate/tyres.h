// Tyres: what a compound gives, how it wears and when it falls off. Pure; safe from any thread.
#pragma once

#include <cstdint>
#include <string_view>

namespace slipstream::simulate {

enum class Compound : std::uint8_t { soft, medium, hard, intermediate, wet };

struct TyreSet {
  Compound compound = Compound::medium;
  bool is_fresh = true;
  int age_laps = 0;  // driven before it was put on
  int laps = 0;      // driven since
};

std::string_view name_of(Compound compound);
bool is_slick(Compound compound);

// Share of the profile's speed that the set allows. `wetness`: 0 dry to 1 flooded. `care`: how gently the
// driver treats it, 1 is the field's mean.
double tyre_pace(const TyreSet& set, double wetness, double care);

// Laps after which the compound falls off.
double cliff_laps(Compound compound);

// The compound that suits the track; slicks as the plan has it.
Compound compound_for(double wetness, Compound planned);

}  // namespace slipstream::simulate
