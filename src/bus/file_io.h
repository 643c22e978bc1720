// Files as the embedded log needs them: every error is Errc::unavailable with the path in its message.
// Thread rule: a File may be read by many threads; one at a time writes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace slipstream::bus {

// The error of a failed system call: "PATH: cannot open: No such file or directory".
tl::unexpected<Error> fail_errno(const std::string& path, std::string_view what, int error_number);

// An open file; closes itself.
class File {
 public:
  // `flags` as for open(2); O_CLOEXEC is added.
  static Result<File> open(std::string path, int flags);
  File(File&& other) noexcept;
  File& operator=(File&& other) noexcept;
  ~File();

  int fd() const { return fd_; }
  const std::string& path() const { return path_; }

  Result<std::int64_t> size() const;
  // Fills `buffer` from `position` on; fewer bytes only at the end of the file.
  Result<std::size_t> read_at(std::span<char> buffer, std::int64_t position) const;
  // All or an error; after an error the file may have grown.
  Result<void> write_at(std::string_view bytes, std::int64_t position) const;
  Result<void> truncate(std::int64_t size) const;
  Result<void> sync() const;  // fdatasync

 private:
  File(int fd, std::string path) : fd_(fd), path_(std::move(path)) {}
  int fd_ = -1;
  std::string path_;
};

Result<void> make_folders(const std::string& path);
Result<void> sync_folder(const std::string& path);
bool file_exists(const std::string& path);

// Whole small files. Errors: not_found; malformed, larger than `bytes_max`.
Result<std::string> read_text(const std::string& path, std::size_t bytes_max);

enum class Durability { process, machine };  // which crash the new content survives

// Puts a new file in the place of an old one, so that a reader finds either but never a half.
Result<void> replace_text(const std::string& path, std::string_view text, Durability durability);

// Small text files of ours: lines of words, the last line is "crc32c 1a2b3c4d" over all before it.
std::string with_checksum(std::string text);
// Lines of words without the last one. Errors: not_found; malformed, names the path.
Result<std::vector<std::vector<std::string>>> read_checked_lines(const std::string& path);

}  // namespace slipstream::bus
