#include "simulate/truth.h"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <tuple>

#include "core/time.h"
#include "simulate/numbers.h"
#include "simulate/progress.h"

namespace slipstream::simulate {
namespace {

namespace fs = std::filesystem;

void put(std::string& out, std::int64_t value) { out += std::to_string(value); }
void put(std::string& out, std::int32_t value) { out += std::to_string(value); }
void put(std::string& out, bool value) { out += value ? "true" : "false"; }
void put(std::string& out, SessionKey key) { out += std::to_string(key.value); }
void put(std::string& out, UtcTime time) { out += format_utc(time); }
void put(std::string& out, double value) {
  char text[40];
  const auto end = std::to_chars(text, text + sizeof text, value).ptr;
  const std::string_view shortest(text, static_cast<std::size_t>(end - text));
  out += shortest;
  if (shortest.find_first_of(".e") == std::string_view::npos) out += ".0";
}
void put(std::string& out, std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) {
    out += text;
    return;
  }
  out += '"';
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  out += '"';
}
void put(std::string& out, const std::string& text) { put(out, std::string_view(text)); }
template <class T>
void put(std::string& out, const std::optional<T>& value) {
  if (value) put(out, *value);
}

Result<void> write_file(const fs::path& path, const std::string& bytes) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (!file.flush()) return fail(Errc::unavailable, path.string() + ": cannot be written");
  return {};
}

template <class Row>
Result<void> write_rows(const fs::path& dir, const std::vector<Row>& rows) {
  using Table = record::Table<Row>;
  std::string out;
  std::apply(
      [&](const auto&... column) {
        std::size_t n = 0;
        ((out += (n++ > 0 ? "," : ""), out += column.name), ...);
        out += '\n';
        for (const Row& row : rows) {
          n = 0;
          ((out += (n++ > 0 ? "," : ""), put(out, row.*(column.member))), ...);
          out += '\n';
        }
      },
      Table::columns);
  return write_file(dir / (std::string(Table::name) + ".csv"), out);
}

Result<void> write_crossings(const History& history, const fs::path& dir) {
  std::string out =
      "session_key,driver_number,lap_number,sector_number,mini_sector_number,session_time_ms,ends_sector,"
      "in_pit_lane,speed_kmh\n";
  for (std::size_t car = 0; car < history.cars.size(); ++car) {
    for (const Crossing& crossing : history.cars[car].crossings) {
      put(out, history.session.session_key);
      for (const std::int32_t value : {history.drivers[car].driver_number, std::int32_t{crossing.lap_number},
                                       std::int32_t{crossing.sector_number},
                                       std::int32_t{crossing.mini_sector_number}, crossing.session_time_ms}) {
        out += ',';
        put(out, value);
      }
      out += crossing.ends_sector ? ",true" : ",false";
      out += crossing.in_pit_lane ? ",true," : ",false,";
      put(out, std::int32_t{crossing.speed_kmh});
      out += '\n';
    }
  }
  return write_file(dir / "crossings.csv", out);
}

std::string_view name_of(Place place) {
  constexpr std::string_view names[] = {"garage", "pit_lane", "track", "off_track", "gone"};
  return names[static_cast<std::size_t>(place)];
}

// One car's rows; gaps to the leader only in races.
void put_positions(const History& history, std::size_t car, const Progress& progress, std::string& out) {
  const auto& states = history.cars[car].states;
  for (std::size_t n = 0; n < states.size(); ++n) {
    const CarState& state = states[n];
    const auto at = history.circuit.at(state.place, state.distance_m, state.offset_m);
    const auto step = history.cars[car].first_step + static_cast<std::int32_t>(n);
    put(out, history.session.session_key);
    for (const std::int64_t value :
         {std::int64_t{history.drivers[car].driver_number}, std::int64_t{step} * History::step_ms}) {
      out += ',';
      put(out, value);
    }
    out += ',';
    out += name_of(state.place);
    for (const std::int64_t value :
         {std::int64_t{state.lap_number}, rounded(at.x_m * 10), rounded(at.y_m * 10), rounded(at.z_m * 10),
          rounded(state.speed_mps * 3.6)}) {
      out += ',';
      put(out, value);
    }
    out += ',';
    put(out, static_cast<double>(rounded(state.distance_m * 1000)) / 1000);
    out += ',';
    if (const auto position = progress.position(car, step)) put(out, *position);
    out += ',';
    if (const auto gap = progress.gap_to_leader_m(car, step))
      put(out, static_cast<double>(rounded(*gap * 100)) / 100);
    out += ',';
    if (const auto gap = progress.gap_to_leader_ms(car, step)) put(out, *gap);
    out += '\n';
  }
}

Result<void> write_positions(const History& history, const fs::path& dir) {
  const fs::path path = dir / "positions.csv";
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << "session_key,driver_number,session_time_ms,place,lap_number,x_dm,y_dm,z_dm,speed_kmh,distance_m,"
          "position,gap_to_leader_m,gap_to_leader_ms\n";
  const Progress progress(history);
  for (std::size_t car = 0; car < history.cars.size(); ++car) {
    std::string out;
    put_positions(history, car, progress, out);
    file.write(out.data(), static_cast<std::streamsize>(out.size()));
  }
  if (!file.flush()) return fail(Errc::unavailable, path.string() + ": cannot be written");
  return {};
}

}  // namespace

Result<void> write_truth(const History& history, const fs::path& dir) {
  std::error_code error;
  fs::create_directories(dir, error);
  if (error) return fail(Errc::unavailable, dir.string() + ": " + error.message());
  SLIP_TRY(write_rows(dir, std::vector<record::Session>{history.session}));
  SLIP_TRY(write_rows(dir, history.drivers));
  SLIP_TRY(write_rows(dir, history.laps));
  SLIP_TRY(write_rows(dir, history.stints));
  SLIP_TRY(write_rows(dir, history.pit_stops));
  SLIP_TRY(write_rows(dir, history.overtakes));
  SLIP_TRY(write_rows(dir, history.penalties));
  SLIP_TRY(write_rows(dir, history.results));
  SLIP_TRY(write_rows(dir, history.race_control));
  SLIP_TRY(write_rows(dir, history.track_status));
  SLIP_TRY(write_rows(dir, history.session_status));
  SLIP_TRY(write_rows(dir, history.session_parts));
  SLIP_TRY(write_rows(dir, history.flag_zones));
  SLIP_TRY(write_rows(dir, history.track_modes));
  SLIP_TRY(write_rows(dir, history.weather));
  SLIP_TRY(write_rows(dir, history.team_radio));
  SLIP_TRY(write_rows(dir, history.lap_count));
  SLIP_TRY(write_rows(dir, history.clock));
  SLIP_TRY(write_rows(dir, history.championship_prediction));
  SLIP_TRY(write_rows(dir, history.circuit.corners));
  SLIP_TRY(write_crossings(history, dir));
  return write_positions(history, dir);
}

}  // namespace slipstream::simulate
