#include "feed/source.h"

#include <fmt/core.h>

#include <algorithm>
#include <filesystem>
#include <utility>

#include "feed/archive.h"
#include "feed/archive_line.h"
#include "feed/byte_order_mark.h"
#include "feed/byte_reader.h"
#include "feed/fastf1.h"
#include "feed/fastf1_line.h"

namespace slipstream::feed {
namespace {

namespace fs = std::filesystem;

// Enough to see a message of any format, behind log lines that a recorder wrote in front.
constexpr std::size_t sample_bytes = 64u << 10;

// The front of the unpacked file. Errors: those of ByteReader.
Result<std::string> read_sample(const std::string& path) {
  auto bytes = ByteReader::open(path);
  if (!bytes) return tl::make_unexpected(bytes.error());
  std::string sample(sample_bytes, '\0');
  std::size_t size = 0;
  while (size < sample.size()) {
    const auto count = bytes->read(sample.data() + size, sample.size() - size);
    if (!count) return tl::make_unexpected(count.error());
    if (*count == 0) break;
    size += *count;
  }
  sample.resize(size);
  if (size == 0 && bytes->bytes_total() > 0) {
    return fail(Errc::malformed,
                fmt::format("{}: nothing in it can be unpacked: {}", path, bytes->cut_reason()));
  }
  return sample;
}

bool any_line(std::string_view text, bool (*accepts)(std::string_view)) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    if (accepts(text.substr(0, end))) return true;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return false;
}

Result<std::unique_ptr<Source>> open_recording(const std::string& path, const SourceOptions& options) {
  const auto sample = read_sample(path);
  if (!sample) return tl::make_unexpected(sample.error());
  if (sample->empty()) return fail(Errc::malformed, fmt::format("{}: the file is empty", path));
  const std::string_view text = without_byte_order_mark(*sample);
  if (any_line(text, looks_like_fastf1)) return open_fastf1(path, options);
  if (fs::path(path).extension() == ".jsonStream" &&
      any_line(text, [](std::string_view line) { return split_archive_line(line).has_value(); })) {
    return fail(Errc::malformed, fmt::format("{}: one topic of an archive; name its folder", path));
  }
  return fail(Errc::malformed,
              fmt::format("{}: no recording that can be read; expected lines like ['TimingData', {{...}}, "
                          "'2025-09-07T12:57:33.210Z'], or a folder with <Topic>.jsonStream files",
                          path));
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
    return fail(Errc::not_found, fmt::format("{}: no such file or folder", path));
  }
  if (!fs::is_directory(status)) return open_recording(path, options);
  const auto folder = find_session_folder(path);
  if (!folder) return tl::make_unexpected(folder.error());
  return open_archive(*folder, options);
}

}  // namespace slipstream::feed
