// A script as F1's archive serves it: SEASON/EVENT/SESSION folders with a .jsonStream and a keyframe .json a
// topic, SessionInfo.json and Index.json; byte order mark and CRLF as F1 has them (T8).
#pragma once

#include <filesystem>

#include "core/result.h"
#include "simulate/history.h"
#include "simulate/script.h"

namespace slipstream::simulate {

// Writes below `root`, and gives back the session's folder. What is there of the session is replaced; a
// season's Index.json that is there gets no further session: it names this one. Errors: unavailable, with the
// path. Safe from any thread for different roots.
Result<std::filesystem::path> write_archive(const History& history, const Script& script,
                                            const std::filesystem::path& root);

}  // namespace slipstream::simulate
