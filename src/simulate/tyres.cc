#include "simulate/tyres.h"

#include <array>
#include <cstddef>

#include "simulate/numbers.h"

namespace slipstream::simulate {
namespace {

struct Rubber {
  std::string_view name;
  double slower;  // than a soft in its best lap
  double wear_per_lap;
  double cliff_laps, cliff_per_lap;
  double slower_in_wet;  // times wetness
  double least_wetness;  // drier than that it overheats
};

// Slicks meet intermediates at a wetness of 0.13, those meet wets at 0.79.
constexpr std::array<Rubber, 5> rubbers = {{
    {"SOFT", 0.0, 0.00060, 19, 0.0016, 0.5, 0},
    {"MEDIUM", 0.0040, 0.00038, 31, 0.0013, 0.5, 0},
    {"HARD", 0.0072, 0.00024, 46, 0.0011, 0.5, 0},
    {"INTERMEDIATE", 0.045, 0.00060, 30, 0.0014, 0.16, 0.12},
    {"WET", 0.100, 0.00045, 35, 0.0014, 0.09, 0.5},
}};

const Rubber& rubber(Compound compound) { return rubbers[static_cast<std::size_t>(compound)]; }

}  // namespace

std::string_view name_of(Compound compound) { return rubber(compound).name; }
bool is_slick(Compound compound) { return compound <= Compound::hard; }
double cliff_laps(Compound compound) { return rubber(compound).cliff_laps; }

double tyre_pace(const TyreSet& set, double wetness, double care) {
  const Rubber& of = rubber(set.compound);
  const double age = (set.age_laps + set.laps) * care;
  double lost = of.slower + of.wear_per_lap * age + of.slower_in_wet * wetness;
  if (age > of.cliff_laps) lost += of.cliff_per_lap * (age - of.cliff_laps);
  if (wetness < of.least_wetness) lost += 0.06 * (of.least_wetness - wetness) / of.least_wetness;
  return 1 - std::min(lost, 0.45);
}

Compound compound_for(double wetness, Compound planned) {
  if (wetness > 0.79) return Compound::wet;
  if (wetness > 0.14) return Compound::intermediate;
  return planned;
}

}  // namespace slipstream::simulate
