#include "session/known_circuit.h"

#include <array>
#include <charconv>
#include <string_view>

namespace slipstream::session {
namespace {

// The numbers of "mini_sector_1_3_end"; nothing for other lines.
optional<MiniSector> mini_sector_of(std::string_view line) {
  constexpr std::string_view before = "mini_sector_", behind = "_end";
  if (!line.starts_with(before) || !line.ends_with(behind)) return std::nullopt;
  line.remove_prefix(before.size());
  line.remove_suffix(behind.size());
  const std::size_t middle = line.find('_');
  if (middle == std::string_view::npos) return std::nullopt;
  const auto number = [](std::string_view text, Int& value) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && end == text.data() + text.size();
  };
  MiniSector mini_sector;
  const bool is_read = number(line.substr(0, middle), mini_sector.first) &&
                       number(line.substr(middle + 1), mini_sector.second);
  return is_read ? optional(mini_sector) : std::nullopt;
}

}  // namespace

void KnownCircuitReader::take(Output& output) {
  for (const auto& published : output.rows<record::Session>()) circuit_key_ = published.row.circuit_key;
  for (const auto& published : output.rows<record::CircuitPoint>()) {
    if (published.envelope.is_withdrawn) points_.erase(published.row.point_number);
    else points_[published.row.point_number] = published.row;
  }
  for (const auto& published : output.rows<record::CircuitLine>()) lines_[published.row.line] = published.row;
}

std::shared_ptr<const KnownCircuit> KnownCircuitReader::circuit() const {
  const auto length = lines_.find("lap_end");
  if (points_.size() < 3 || length == lines_.end()) return nullptr;
  auto circuit = std::make_shared<KnownCircuit>();
  circuit->circuit_key = circuit_key_;
  circuit->line.is_ring = true;
  circuit->line.length_m = length->second.distance_m;
  for (const auto& [number, point] : points_) {
    const double z_dm = point.z_dm.value_or(0);
    circuit->line.points.push_back({static_cast<double>(point.x_dm), static_cast<double>(point.y_dm), z_dm});
  }
  for (const auto& [name, line] : lines_) {
    if (name == "sector_1_end") circuit->sector_end_m[0] = line.distance_m;
    else if (name == "sector_2_end") circuit->sector_end_m[1] = line.distance_m;
    else if (name == "pit_entry") circuit->pit_entry_m = line.distance_m;
    else if (name == "pit_exit") circuit->pit_exit_m = line.distance_m;
    else if (const auto mini_sector = mini_sector_of(name))
      circuit->mini_sector_end_m[*mini_sector] = line.distance_m;
  }
  return circuit;
}

}  // namespace slipstream::session
