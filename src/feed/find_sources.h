// The sessions that a command line means: one by one, or every one below a folder, found by content.
// Thread rule: safe from any thread.
#pragma once

#include <string>
#include <vector>

namespace slipstream::feed {

// `path` itself where it is a file, a session or holds just one; the folder of a session named as
// SEASON/EVENT/SESSION, if there is such; below a folder with several, all of them in the order of their
// paths: session folders of an archive, undercut folders, and files that are recordings. What open_source()
// cannot open comes back as it is.
std::vector<std::string> find_sources(const std::string& path);

}  // namespace slipstream::feed
