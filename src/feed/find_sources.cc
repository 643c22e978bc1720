#include "feed/find_sources.h"

#include <algorithm>
#include <filesystem>

#include "feed/archive.h"
#include "feed/archive_index.h"
#include "feed/recording_source.h"

namespace slipstream::feed {
namespace {

namespace fs = std::filesystem;

// An archive has season, event and session below its root; links in a circle end here.
constexpr int depth_max = 8;

void find_below(const fs::path& folder, int depth, std::vector<std::string>& found) {
  if (has_topics(folder) || is_undercut_folder(folder)) {
    found.push_back(folder.string());
    return;
  }
  std::vector<fs::directory_entry> entries;
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    entries.push_back(*it);
  }
  std::ranges::sort(entries);
  for (const fs::directory_entry& entry : entries) {
    std::error_code ignored;
    if (entry.is_directory(ignored)) {
      if (depth < depth_max) find_below(entry.path(), depth + 1, found);
    } else if (entry.is_regular_file(ignored) && find_recording_format(entry.path().string())) {
      found.push_back(entry.path().string());
    }
  }
}

}  // namespace

std::vector<std::string> find_sources(const std::string& path) {
  std::error_code ignored;
  if (fs::is_directory(path, ignored)) {
    std::vector<std::string> found;
    find_below(path, 0, found);
    if (found.size() > 1) return found;
  } else if (!fs::exists(path, ignored)) {
    const auto name = split_session_name(path);
    const auto root = archive_root();
    if (name && root) {
      if (const auto folder = find_archive_session(*root, *name)) return {folder->string()};
    }
  }
  return {path};
}

}  // namespace slipstream::feed
