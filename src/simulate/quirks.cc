#include "simulate/quirks.h"

#include <fmt/core.h>

#include <charconv>

namespace slipstream::simulate {
namespace {

struct Known {
  std::string_view name;
  double rate;
};
constexpr std::array<Known, quirk_count> known_quirks = {{
    {"late_values", 0.15},
    {"delays", 1},
    {"no_data_104", 1},
    {"gear_glitches", 0.0005},
    {"zero_frames", 0.01},
    {"course_cars", 1},
    {"support_series", 1},
    {"late_compounds", 0.15},
    {"late_total_laps", 1},
    {"deleted_members", 1},
}};

Result<void> take_one(std::string_view text, Quirks& quirks) {
  const std::size_t equals = text.find('=');
  const std::string_view name = text.substr(0, equals);
  for (std::size_t n = 0; n < quirk_count; ++n) {
    if (known_quirks[n].name != name) continue;
    quirks.rates[n] = known_quirks[n].rate;
    if (equals == std::string_view::npos) return {};
    const std::string_view rate = text.substr(equals + 1);
    const auto [end, error] = std::from_chars(rate.data(), rate.data() + rate.size(), quirks.rates[n]);
    const bool is_rate = error == std::errc() && end == rate.data() + rate.size() && quirks.rates[n] >= 0 &&
                         quirks.rates[n] <= 1;
    if (!is_rate) return fail(Errc::malformed, fmt::format("{}: a rate is a number from 0 to 1", text));
    return {};
  }
  std::string names;
  for (const Known& known : known_quirks) names += fmt::format(" {}", known.name);
  return fail(Errc::malformed, fmt::format("no quirk \"{}\"; there are none, all,{}", name, names));
}

}  // namespace

Quirks measured_quirks() {
  Quirks quirks;
  for (std::size_t n = 0; n < quirk_count; ++n) quirks.rates[n] = known_quirks[n].rate;
  return quirks;
}

std::string_view name_of(Quirk quirk) { return known_quirks[static_cast<std::size_t>(quirk)].name; }

Result<Quirks> parse_quirks(std::string_view text) {
  if (text == "none") return Quirks{};
  if (text == "all") return measured_quirks();
  Quirks quirks;
  while (true) {
    const std::size_t comma = text.find(',');
    SLIP_TRY(take_one(text.substr(0, comma), quirks));
    if (comma == std::string_view::npos) return quirks;
    text.remove_prefix(comma + 1);
  }
}

}  // namespace slipstream::simulate
