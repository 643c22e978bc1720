// What an archive has of a season: its Index.json, where there is one, and the folders that are there.
//
// Index.json is a hint (T12): entries without a name and with a key of -1 are left out, one without a path
// gets the path that its neighbours have (T11), and sessions that it lacks are listed by their folders, which
// say what they are in SessionInfo.jsonStream. Thread rule: safe from any thread.
#pragma once

#include <filesystem>
#include <optional>

#include "core/result.h"
#include "feed/session_name.h"

namespace slipstream::feed {

// The folder that names are looked up in: $SLIPSTREAM_ARCHIVE, else slipstream/archive in $XDG_CACHE_HOME or
// ~/.cache. Nothing where none of the variables is set.
std::optional<std::filesystem::path> archive_root();

// Errors: not_found, `root` has nothing of that year; malformed, its Index.json is no JSON.
Result<Season> read_season(const std::filesystem::path& root, int year);

// The folder of a session. Errors: those of read_season and find_session; not_found, the session is known but
// its folder is not there.
Result<std::filesystem::path> find_archive_session(const std::filesystem::path& root,
                                                   const SessionName& name);

}  // namespace slipstream::feed
