#include "simulate/faults.h"

#include <fmt/core.h>
#include <algorithm>
#include <charconv>
#include <functional>
#include <string>
#include <utility>

namespace slipstream::simulate {
namespace {

using Set = void (*)(Faults& faults, double value);

std::chrono::milliseconds seconds(double value) {
  return std::chrono::milliseconds(static_cast<std::int64_t>(value * 1000));
}

struct Known {
  std::string_view name;
  double usual, most;
  Set set;
};

constexpr double requests_max = 1000, seconds_max = 86'400;
const Known known[] = {
    {"drop", 0.001, 1, [](Faults& f, double v) { f.drop = v; }},
    {"cut", 0.001, 1, [](Faults& f, double v) { f.cut = v; }},
    {"lose", 0.001, 1, [](Faults& f, double v) { f.lose = v; }},
    {"duplicate", 0.01, 1, [](Faults& f, double v) { f.duplicate = v; }},
    {"reorder", 0.01, 1, [](Faults& f, double v) { f.reorder = v; }},
    {"stall", 0.0002, 1, [](Faults& f, double v) { f.stall = v; }},
    {"stall-time", 1, seconds_max, [](Faults& f, double v) { f.stall_time = seconds(v); }},
    {"slow", 1, 1, [](Faults& f, double v) { f.is_slow = v > 0; }},
    {"expired-token", 1, 1, [](Faults& f, double v) { f.is_token_expired = v > 0; }},
    {"close", 1, 1, [](Faults& f, double v) { f.closes_at_end = v > 0; }},
    {"401", 1, requests_max, [](Faults& f, double v) { f.refuse_401 = static_cast<int>(v); }},
    {"503", 1, requests_max, [](Faults& f, double v) { f.refuse_503 = static_cast<int>(v); }},
    {"429", 1, requests_max, [](Faults& f, double v) { f.refuse_429 = static_cast<int>(v); }},
    {"late-archive", 180, seconds_max, [](Faults& f, double v) { f.late_archive = seconds(v); }},
};

std::uint64_t mixed(std::uint64_t z) {
  z += 0x9e3779b97f4a7c15;
  z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
  z = (z ^ z >> 27) * 0x94d049bb133111eb;
  return z ^ z >> 31;
}

Result<void> take(std::string_view word, Faults& faults) {
  const auto equals = std::min(word.find('='), word.size());
  const auto name = word.substr(0, equals);
  const auto* const found =
      std::find_if(std::begin(known), std::end(known), [&](const Known& one) { return one.name == name; });
  if (found == std::end(known)) {
    std::string names;
    for (const Known& one : known) names.append(names.empty() ? "" : ", ").append(one.name);
    return fail(Errc::malformed, fmt::format("--faults: there is no \"{}\"; there are {}", name, names));
  }
  double value = found->usual;
  if (equals < word.size()) {
    const auto text = word.substr(equals + 1);
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool is_whole = error == std::errc() && end == text.data() + text.size() && !text.empty();
    if (!is_whole || !(value >= 0) || value > found->most) {
      return fail(Errc::malformed,
                  fmt::format("--faults: {} takes 0 to {}, not \"{}\"", name, found->most, text));
    }
  }
  found->set(faults, value);
  return {};
}

}  // namespace

bool Faults::strikes(Kind kind, double rate, std::int64_t message_number) const {
  constexpr std::uint64_t steps = 1u << 30;
  return rate > 0 &&
         static_cast<double>(pick(kind, message_number, steps)) < rate * static_cast<double>(steps);
}

std::uint64_t Faults::pick(Kind kind, std::int64_t message_number, std::uint64_t bound) const {
  const auto kind_bits = static_cast<std::uint64_t>(kind) << 56;
  return mixed(mixed(seed) ^ kind_bits ^ static_cast<std::uint64_t>(message_number)) % bound;
}

Result<Faults> parse_faults(std::string_view text, std::uint64_t seed) {
  Faults faults;
  faults.seed = seed;
  while (!text.empty()) {
    const auto comma = std::min(text.find(','), text.size());
    SLIP_TRY(take(text.substr(0, comma), faults));
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return faults;
}

}  // namespace slipstream::simulate
