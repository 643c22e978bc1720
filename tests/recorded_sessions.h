// Where real sessions lie, the ten of which there are FastF1's lap tables, and a way to fold one. For tests
// only.
#pragma once

#include <gtest/gtest.h>
#include <cstdlib>
#include <filesystem>

#include "feed/source.h"
#include "session/engine.h"

namespace slipstream::testing_support {

// SLIPSTREAM_DATA; without it the tests that need real sessions skip, and say so.
inline std::filesystem::path data_root() {
  const char* root = std::getenv("SLIPSTREAM_DATA");
  return root && *root ? root : "../shared/data";
}

struct LapSession {
  const char* expected;  // folder below "expected"
  const char* source;
  std::size_t rows;  // of FastF1's table
};

inline constexpr LapSession lap_sessions[] = {
    {"2020_hungarian_practice_2", "archive/2020/2020-07-19_Hungarian_Grand_Prix/2020-07-17_Practice_2", 109},
    {"2024_british_practice_1", "archive/2024/2024-07-07_British_Grand_Prix/2024-07-05_Practice_1", 459},
    {"2024_imola_qualifying", "recordings/2024_imola_qualifying.undercut", 286},
    {"2024_spanish_qualifying", "archive/2024/2024-06-23_Spanish_Grand_Prix/2024-06-22_Qualifying", 257},
    {"2025_brazil_sprint", "recordings/2025_brazil_sprint.ns.txt.gz", 441},
    {"2025_hungary_qualifying", "recordings/2025_hungary_qualifying.ns.txt.gz", 264},
    {"2025_italy_race", "recordings/2025_italy_race.fastf1.txt.gz", 974},
    {"2025_mexico_city_qualifying", "archive/2025/2025-10-26_Mexico_City_Grand_Prix/2025-10-25_Qualifying",
     307},
    {"2025_miami_sprint", "archive/2025/2025-05-04_Miami_Grand_Prix/2025-05-03_Sprint", 331},
    {"2025_qatar_sprint", "recordings/2025_qatar_sprint.dump.txt.gz", 380},
};

// Folds a source of one session; take(output) after every message and at the end has to empty the output.
template <class Take>
void fold_session(const std::filesystem::path& path, Take take) {
  auto source = feed::open_source(path.string());
  ASSERT_TRUE(source) << source.error().message;
  session::Engine engine({(*source)->info().name, (*source)->info().kind});
  session::Output output;
  feed::SourceItem item;
  while ((*source)->next(item).value_or(false)) {
    if (const auto* message = std::get_if<feed::Message>(&item)) engine.apply(*message, output);
    take(output);
  }
  engine.finish(output);
  take(output);
}

}  // namespace slipstream::testing_support
