#include "cli/progress.h"

#include <fmt/core.h>
#include <unistd.h>
#include <algorithm>
#include <utility>

namespace slipstream::cli {
namespace {

constexpr int bar_width = 30;
constexpr auto draw_step = std::chrono::milliseconds(100);

void write_stderr(const std::string& text) {
  [[maybe_unused]] const auto n = ::write(STDERR_FILENO, text.data(), text.size());
}

}  // namespace

Progress::Progress(std::string label)
    : label_(std::move(label)), is_terminal_(::isatty(STDERR_FILENO) == 1) {}

Progress::~Progress() { clear(); }

void Progress::clear() {
  if (has_line_) write_stderr("\r\x1b[2K");
  has_line_ = false;
}

void Progress::update(std::int64_t done, std::int64_t total, const std::string& place) {
  if (!is_terminal_ || total <= 0) return;
  const auto now = std::chrono::steady_clock::now();
  if (has_line_ && now - last_draw_ < draw_step) return;
  last_draw_ = now;
  has_line_ = true;
  const auto part = std::clamp(static_cast<double>(done) / static_cast<double>(total), 0.0, 1.0);
  const auto filled = static_cast<std::size_t>(part * bar_width);
  std::string bar;
  for (std::size_t i = 0; i < bar_width; ++i) bar += i < filled ? "━" : "─";
  write_stderr(fmt::format("\r\x1b[2K{} {} {:3.0f} %  {}", label_, bar, part * 100, place));
}

}  // namespace slipstream::cli
