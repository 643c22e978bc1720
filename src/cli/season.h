// Many sources into files in one go: side by side on the cores, each session's files whole or not there.
//
// FOLDER/<table>/date=YYYY-MM-DD/session_key=N/data_0.<format>. A source's files are written aside and get
// their names when all of them are there, then the source is noted (load_notes.h): a run after a kill takes
// up what was not done. A source that fails is named, the others go on. Of several sources of one session the
// highest build is kept, of equal ones the first named (docs/decisions/season.md). Memory is bounded by the
// number of jobs.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "cli/load_files.h"

namespace slipstream::cli {

struct SeasonPlan {
  FilesPlan files;
  std::string circuit;  // the source of files.circuit, or empty
  std::string folder;
  std::size_t jobs = 1;
};

// Returns the program's exit code: failed if any source did.
int load_season(const std::vector<std::string>& sources, const SeasonPlan& plan);

}  // namespace slipstream::cli
