// A progress bar on stderr, one line that rewrites itself; nothing where stderr is no terminal.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace slipstream::cli {

class Progress {
 public:
  explicit Progress(std::string label);
  ~Progress();  // clears the line
  // Of `total` bytes `done` are read, at session time `place`. Draws at most ten times a second.
  void update(std::int64_t done, std::int64_t total, const std::string& place);
  // Makes room for a line of another kind.
  void clear();

 private:
  const std::string label_;
  const bool is_terminal_;
  bool has_line_ = false;
  std::chrono::steady_clock::time_point last_draw_;
};

}  // namespace slipstream::cli
