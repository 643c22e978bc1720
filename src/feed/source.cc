#include "feed/source.h"

#include <fmt/core.h>

#include <filesystem>
#include <utility>

#include "feed/archive.h"
#include "feed/archive_index.h"
#include "feed/recording_source.h"

namespace slipstream::feed {
namespace {

namespace fs = std::filesystem;

Result<std::unique_ptr<Source>> open_file(const std::string& path, const SourceOptions& options) {
  const auto format = find_recording_format(path);
  if (!format) return tl::make_unexpected(format.error());
  return open_recording(path, **format, options);
}

Result<std::unique_ptr<Source>> open_folder(const std::string& path, const SourceOptions& options) {
  if (is_undercut_folder(path)) return open_undercut(path, options);
  const auto session = find_session_folder(path);
  if (session) return open_archive(*session, options);
  if (session.error().code != Errc::not_found) return tl::make_unexpected(session.error());
  const auto recording = find_recording_in(path);
  if (recording) return open_file(recording->string(), options);
  if (recording.error().code != Errc::not_found) return tl::make_unexpected(recording.error());
  return fail(Errc::malformed, fmt::format("{}, and no recording", session.error().message));
}

// "2025/Australia/R", which is no path.
Result<std::unique_ptr<Source>> open_by_name(const std::string& path, const SessionName& name,
                                             const SourceOptions& options) {
  const auto root = archive_root();
  std::error_code ignored;
  if (!root || !fs::is_directory(*root, ignored)) {
    return fail(Errc::not_found,
                fmt::format("{}: no such file or folder, and no archive to look the session up in: {}", path,
                            root ? root->string() + " is not there" : "SLIPSTREAM_ARCHIVE is not set"));
  }
  const auto folder = find_archive_session(*root, name);
  if (!folder) return tl::make_unexpected(with_context(folder.error(), path));
  return open_archive(*folder, options);
}

}  // namespace

std::string_view to_string(SourceKind kind) {
  switch (kind) {
    case SourceKind::recording: return "recording";
    case SourceKind::live: return "live";
    case SourceKind::archive: return "archive";
    case SourceKind::simulated: return "simulated";
  }
  return "recording";
}

Result<std::unique_ptr<Source>> open_source(const std::string& path, const SourceOptions& options) {
  std::error_code error;
  const auto status = fs::status(path, error);
  if (!fs::exists(status)) {
    if (error && error != std::errc::no_such_file_or_directory && error != std::errc::not_a_directory) {
      return fail(Errc::unavailable, fmt::format("{}: cannot open: {}", path, error.message()));
    }
    if (const auto name = split_session_name(path)) return open_by_name(path, *name, options);
    return fail(Errc::not_found, fmt::format("{}: no such file or folder", path));
  }
  return fs::is_directory(status) ? open_folder(path, options) : open_file(path, options);
}

}  // namespace slipstream::feed
