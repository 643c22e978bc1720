#include "feed/token_file.h"

#include <fmt/core.h>
#include <cstdlib>
#include <fstream>
#include <utility>

namespace slipstream::feed {
namespace {

// A little more than a token can have, to see that it is none.
constexpr std::streamsize bytes_read_max = 10'000;

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

std::optional<std::filesystem::file_time_type> time_of(const std::filesystem::path& path) {
  std::error_code error;
  const auto time = std::filesystem::last_write_time(path, error);
  return error ? std::nullopt : std::optional(time);
}

}  // namespace

TokenFile::TokenFile(std::string path)
    : path_(path.empty() ? environment("SLIPSTREAM_F1TV_TOKEN_FILE") : std::move(path)) {}

Result<LiveToken> TokenFile::read() {
  if (path_.empty()) return parse_live_token(environment("SLIPSTREAM_F1TV_TOKEN"));
  read_time_ = time_of(path_);
  std::ifstream file(path_, std::ios::binary);
  if (!read_time_ || !file) {
    return fail(Errc::unavailable, fmt::format("{}: the token's file cannot be read", path_.string()));
  }
  std::string text(static_cast<std::size_t>(bytes_read_max), '\0');
  file.read(text.data(), bytes_read_max);
  text.resize(static_cast<std::size_t>(file.gcount()));
  auto token = parse_live_token(text);
  if (!token) return tl::make_unexpected(with_context(token.error(), path_.string()));
  return token;
}

bool TokenFile::has_changed() const { return !path_.empty() && time_of(path_) != read_time_; }

}  // namespace slipstream::feed
