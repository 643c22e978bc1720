// Where the F1TV token comes from: a file or the environment, never an argument. Thread rule: one thread at a
// time.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "core/result.h"
#include "feed/live_token.h"

namespace slipstream::feed {

// A file, which is read again when it changes, else SLIPSTREAM_F1TV_TOKEN.
class TokenFile {
 public:
  // `path` may be empty: the environment's SLIPSTREAM_F1TV_TOKEN_FILE, else SLIPSTREAM_F1TV_TOKEN itself.
  explicit TokenFile(std::string path);

  // The token as it is now. Errors: those of parse_live_token, where `path` was named also not_found, and
  // unavailable, the file cannot be read.
  Result<LiveToken> read();
  // Whether the file is another than read() saw last.
  bool has_changed() const;

 private:
  std::filesystem::path path_;
  std::optional<std::filesystem::file_time_type> read_time_;
};

}  // namespace slipstream::feed
