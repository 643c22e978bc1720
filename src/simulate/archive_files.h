// A script as F1's archive serves it: SEASON/EVENT/SESSION folders with a .jsonStream and a keyframe .json a
// topic, SessionInfo.json and Index.json; byte order mark and CRLF as F1 has them (T8).
#pragma once

#include <filesystem>

#include "core/result.h"
#include "simulate/history.h"
#include "simulate/script.h"

namespace slipstream::simulate {

// Writes below `root`, and gives back the session's folder. What is there of the session is replaced; the
// season's Index.json names it beside those that it named before. Errors: unavailable, with the path: it
// cannot be written, or the index that is there cannot be read. Safe from any thread for different roots.
Result<std::filesystem::path> write_archive(const History& history, const Script& script,
                                            const std::filesystem::path& root);

}  // namespace slipstream::simulate
