#include "bus/file_io.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cerrno>
#include <filesystem>
#include <sstream>
#include <system_error>
#include <utility>

#include "bus/crc32c.h"

namespace slipstream::bus {
namespace {

constexpr std::size_t text_bytes_max = 16u << 20;

}  // namespace

tl::unexpected<Error> fail_errno(const std::string& path, std::string_view what, int error_number) {
  const std::string reason = std::generic_category().message(error_number);
  return fail(Errc::unavailable, fmt::format("{}: cannot {}: {}", path, what, reason));
}

Result<File> File::open(std::string path, int flags) {
  const int fd = ::open(path.c_str(), flags | O_CLOEXEC, 0644);
  if (fd < 0) return fail_errno(path, "open", errno);
  return File(fd, std::move(path));
}

File::File(File&& other) noexcept : fd_(std::exchange(other.fd_, -1)), path_(std::move(other.path_)) {}

File& File::operator=(File&& other) noexcept {
  std::swap(fd_, other.fd_);
  std::swap(path_, other.path_);
  return *this;
}

File::~File() {
  if (fd_ >= 0) ::close(fd_);
}

Result<std::int64_t> File::size() const {
  struct stat status {};
  if (::fstat(fd_, &status) != 0) return fail_errno(path_, "ask for the size", errno);
  return static_cast<std::int64_t>(status.st_size);
}

Result<std::size_t> File::read_at(std::span<char> buffer, std::int64_t position) const {
  std::size_t done = 0;
  while (done < buffer.size()) {
    const auto got =
        ::pread(fd_, buffer.data() + done, buffer.size() - done, position + static_cast<std::int64_t>(done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fail_errno(path_, "read", errno);
    if (got == 0) break;
    done += static_cast<std::size_t>(got);
  }
  return done;
}

Result<void> File::write_at(std::string_view bytes, std::int64_t position) const {
  while (!bytes.empty()) {
    const auto put = ::pwrite(fd_, bytes.data(), bytes.size(), position);
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return fail_errno(path_, "write", errno);
    bytes.remove_prefix(static_cast<std::size_t>(put));
    position += put;
  }
  return {};
}

Result<void> File::truncate(std::int64_t size) const {
  if (::ftruncate(fd_, size) != 0) return fail_errno(path_, "truncate", errno);
  return {};
}

Result<void> File::sync() const {
  if (::fdatasync(fd_) != 0) return fail_errno(path_, "sync", errno);
  return {};
}

Result<void> make_folders(const std::string& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (!error && !std::filesystem::is_directory(path, error) && !error) {
    error = std::make_error_code(std::errc::not_a_directory);
  }
  if (error) return fail_errno(path, "make the folder", error.value());
  return {};
}

Result<void> sync_folder(const std::string& path) {
  const auto folder = File::open(path, O_RDONLY | O_DIRECTORY);
  if (!folder) return tl::make_unexpected(folder.error());
  if (::fsync(folder->fd()) != 0) return fail_errno(path, "sync", errno);
  return {};
}

bool file_exists(const std::string& path) {
  std::error_code ignored;
  return std::filesystem::exists(path, ignored);
}

Result<std::string> read_text(const std::string& path, std::size_t bytes_max) {
  if (!file_exists(path)) return fail(Errc::not_found, fmt::format("{}: not there", path));
  const auto file = File::open(path, O_RDONLY);
  if (!file) return tl::make_unexpected(file.error());
  const auto size = file->size();
  if (!size) return tl::make_unexpected(size.error());
  if (*size > static_cast<std::int64_t>(bytes_max)) {
    return fail(Errc::malformed, fmt::format("{}: over {} bytes", path, bytes_max));
  }
  std::string text(static_cast<std::size_t>(*size), '\0');
  const auto got = file->read_at(text, 0);
  if (!got) return tl::make_unexpected(got.error());
  text.resize(*got);
  return text;
}

Result<void> replace_text(const std::string& path, std::string_view text, Durability durability) {
  const std::string temporary = path + ".tmp";
  {
    const auto file = File::open(temporary, O_WRONLY | O_CREAT | O_TRUNC);
    if (!file) return tl::make_unexpected(file.error());
    SLIP_TRY(file->write_at(text, 0));
    if (durability == Durability::machine) SLIP_TRY(file->sync());
  }
  if (::rename(temporary.c_str(), path.c_str()) != 0) return fail_errno(path, "replace", errno);
  if (durability == Durability::process) return {};
  return sync_folder(std::filesystem::path(path).parent_path().string());
}

std::string with_checksum(std::string text) {
  text += fmt::format("crc32c {:08x}\n", crc32c(text));
  return text;
}

Result<std::vector<std::vector<std::string>>> read_checked_lines(const std::string& path) {
  const auto text = read_text(path, text_bytes_max);
  if (!text) return tl::make_unexpected(text.error());
  const auto last_line = text->rfind("crc32c ");
  if (last_line == std::string::npos || with_checksum(text->substr(0, last_line)) != *text) {
    return fail(Errc::malformed, fmt::format("{}: damaged, its checksum is wrong", path));
  }
  std::vector<std::vector<std::string>> lines;
  std::istringstream input(text->substr(0, last_line));
  for (std::string line; std::getline(input, line);) {
    std::istringstream words(line);
    auto& out = lines.emplace_back();
    for (std::string word; words >> word;) out.push_back(word);
  }
  return lines;
}

}  // namespace slipstream::bus
