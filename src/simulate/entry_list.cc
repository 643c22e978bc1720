#include "simulate/entry_list.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <numeric>

#include "simulate/numbers.h"
#include "simulate/random.h"

namespace slipstream::simulate {
namespace {

struct Team {
  std::string_view name, colour;
};
constexpr std::array<Team, 15> teams = {{
    {"Corvane", "E4572E"},
    {"Halden Motorsport", "17BEBB"},
    {"Northgate", "2E86DE"},
    {"Tessaro", "C0392B"},
    {"Bluewater Racing", "1F4E9E"},
    {"Ardent", "8E44AD"},
    {"Kestrel GP", "27AE60"},
    {"Maravel", "F39C12"},
    {"Ostrava Works", "7F8C8D"},
    {"Silverlake", "B8C4CE"},
    {"Redfern", "A93226"},
    {"Pinnacle Line", "D4AC0D"},
    {"Vantor", "16A085"},
    {"Elmswood", "6E7F2F"},
    {"Quillon Racing", "EC87C0"},
}};

constexpr std::array<std::string_view, 30> given_names = {
    "Anton",  "Bruno",   "Caleb",  "Dario", "Emil",   "Felix", "Gustav",  "Hugo",   "Ivo",   "Jonas",
    "Kenji",  "Leandro", "Matteo", "Nils",  "Oskar",  "Pavel", "Quentin", "Rafael", "Soren", "Tomas",
    "Ulrich", "Victor",  "Willem", "Xavi",  "Yannis", "Zoran", "Adrien",  "Benno",  "Cyril", "Davor"};
constexpr std::array<std::string_view, 30> family_names = {
    "Ashgrove", "Belmonte", "Carden",    "Dravik",   "Eskelin",  "Fontane",  "Grieve",   "Holmqvist",
    "Ibarrola", "Jessen",   "Kovarik",   "Lindqvar", "Marchand", "Nakahara", "Ortwin",   "Pellier",
    "Quade",    "Rostami",  "Steenhuis", "Tavarel",  "Ulvang",   "Vasconi",  "Wrenford", "Ximeno",
    "Yarwood",  "Zelenka",  "Amsberg",   "Bonnaire", "Castell",  "Dunwich"};
constexpr std::array<int, 30> numbers = {2,  3,  7,  8,  9,  11, 15, 17, 19, 21, 24, 25, 28, 29, 32,
                                         33, 36, 37, 39, 42, 45, 48, 51, 54, 58, 61, 66, 71, 84, 92};
constexpr std::array<std::string_view, 12> countries = {"NOR", "ESP", "ITA", "GER", "SWE", "FRA",
                                                        "JPN", "BRA", "NED", "CZE", "GBR", "FIN"};

template <std::size_t N>
std::array<int, N> shuffled(Random& random) {
  std::array<int, N> order{};
  std::iota(order.begin(), order.end(), 0);
  for (std::size_t n = N; n > 1; --n) {
    std::swap(order[n - 1], order[static_cast<std::size_t>(random.below(static_cast<int>(n)))]);
  }
  return order;
}

std::string upper(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return out;
}

void name_driver(record::Driver& row, std::string_view given, std::string_view family) {
  const std::string family_upper = upper(family);
  row.driver_code = family_upper.substr(0, 3);
  row.given_name = std::string(given);
  row.family_name = std::string(family);
  row.full_name = std::string(given) + " " + family_upper;
  row.broadcast_name = std::string(given.substr(0, 1)) + " " + family_upper;
  row.reference = upper(given).substr(0, 3) + family_upper.substr(0, 3) + "01";
}

struct KindFacts {
  std::string_view name, kind, type;
  int days_to_race, starts_h;  // local time
};
constexpr std::array<KindFacts, 5> kinds = {{
    {"Practice 1", "practice", "Practice", 2, 12},
    {"Qualifying", "qualifying", "Qualifying", 1, 15},
    {"Sprint Qualifying", "sprint_qualifying", "Qualifying", 2, 16},
    {"Sprint", "sprint", "Race", 1, 11},
    {"Race", "race", "Race", 0, 15},
}};

// The weekend is the seed's: its sessions, of whatever length, are those of one meeting.
struct Weekend {
  record::Int meeting_key = 0, gmt_offset_s = 0;
  std::chrono::sys_days race_day;
};

Weekend weekend_of(const Options& options) {
  const std::uint64_t hash = Random(options.seed, Purpose::calendar, options.year).bits();
  Random random(hash, Purpose::calendar, static_cast<int>(options.outline.size()));
  Weekend weekend;
  weekend.meeting_key = -1 - static_cast<record::Int>(hash >> 34);
  weekend.gmt_offset_s = 3600 * random.between(-6, 9);
  using namespace std::chrono;
  weekend.race_day = year(options.year) / month(static_cast<unsigned>(random.between(3, 11))) /
                     day(static_cast<unsigned>(random.between(1, 28)));
  return weekend;
}

}  // namespace

int days_to_race(Kind kind) { return kinds[static_cast<std::size_t>(kind)].days_to_race; }

int round_number(const Options& options) {
  using namespace std::chrono;
  const days into_season = weekend_of(options).race_day - sys_days(year(options.year) / March / 1);
  return 1 + static_cast<int>(into_season.count()) / 12;
}

record::Session make_session(const Options& options, const Circuit& circuit) {
  std::uint64_t hash = options.seed;
  for (const int part : {static_cast<int>(options.kind), options.year, options.laps.value_or(0), options.cars,
                         static_cast<int>(options.outline.size())}) {
    hash = Random(hash, Purpose::calendar, part).bits();
  }
  const Weekend weekend = weekend_of(options);
  record::Session session;
  session.session_key = SessionKey(-1 - static_cast<std::int64_t>(hash >> 34));
  const KindFacts& kind = kinds[static_cast<std::size_t>(options.kind)];
  session.meeting_key = weekend.meeting_key;
  session.season_year = options.year;
  session.meeting_name = circuit.name + " Grand Prix";
  session.meeting_official_name =
      "SIMULATED " + upper(circuit.name) + " GRAND PRIX " + std::to_string(options.year);
  session.session_name = std::string(kind.name);
  session.session_kind = std::string(kind.kind);
  session.session_type = std::string(kind.type);
  session.country_code = "SIM";
  session.country_name = "Simulated";
  session.location = circuit.name;
  session.circuit_short_name = circuit.name;
  session.gmt_offset_s = weekend.gmt_offset_s;
  using namespace std::chrono;
  session.start_date = UtcTime(weekend.race_day - days(kind.days_to_race)) + hours(kind.starts_h) -
                       seconds(weekend.gmt_offset_s);
  const bool is_long = options.kind == Kind::race;
  session.end_date = *session.start_date + (is_long ? minutes(120) : minutes(60));
  session.source = "simulated";
  session.source_kind = "simulated";
  session.is_complete = true;
  return session;
}

std::vector<Entrant> make_entry_list(const Options& options, SessionKey key) {
  Random random(options.seed, Purpose::people), pace_random(options.seed, Purpose::pace);
  const auto team_order = shuffled<teams.size()>(random);
  const auto given = shuffled<given_names.size()>(random);
  const auto family = shuffled<family_names.size()>(random);
  const auto number = shuffled<numbers.size()>(random);
  const auto country = shuffled<countries.size()>(random);
  std::vector<Entrant> entrants;
  const int team_count = (options.cars + 1) / 2;
  for (int n = 0; n < options.cars; ++n) {
    const auto at = static_cast<std::size_t>(n);
    Entrant entrant;
    entrant.team = n / 2;
    const Team& team = teams[static_cast<std::size_t>(team_order[at / 2])];
    entrant.row.session_key = key;
    entrant.row.driver_number = numbers[static_cast<std::size_t>(number[at])];
    name_driver(entrant.row, given_names[static_cast<std::size_t>(given[at])],
                family_names[static_cast<std::size_t>(family[at])]);
    entrant.row.team_name = std::string(team.name);
    entrant.row.team_colour = std::string(team.colour);
    entrant.row.country_code =
        std::string(countries[static_cast<std::size_t>(country[at % countries.size()])]);
    entrant.row.line = n + 1;
    const double team_lag =
        0.0105 * entrant.team / std::max(1, team_count - 1) + 0.0008 * pace_random.normal();
    entrant.pace = 1 - std::max(0.0, team_lag) - std::max(0.0, 0.0013 + 0.0011 * pace_random.normal());
    entrant.tyre_care = 1 + 0.05 * pace_random.normal();
    entrants.push_back(std::move(entrant));
  }
  std::ranges::sort(entrants, {}, [](const Entrant& entrant) { return entrant.row.driver_number; });
  return entrants;
}

}  // namespace slipstream::simulate
