#include "cli/report.h"

#include <fmt/core.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>
#include <unistd.h>
#include <memory>
#include <string>

namespace slipstream::cli {
namespace {

void write_all(int file, std::string_view text) {
  while (!text.empty()) {
    const auto written = ::write(file, text.data(), text.size());
    if (written <= 0) return;  // the reader is gone: nobody to tell
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

std::string one_line(std::string_view text) {
  std::string line(text);
  for (char& c : line) {
    if (c == '\n' || c == '\r') c = ' ';
  }
  return line;
}

}  // namespace

void log_to_stderr() {
  spdlog::set_default_logger(
      std::make_shared<spdlog::logger>("", std::make_shared<spdlog::sinks::stderr_color_sink_mt>()));
}

void print(std::string_view text) { write_all(STDOUT_FILENO, text); }
void print_error(std::string_view text) { write_all(STDERR_FILENO, text); }

int report_failure(const Error& error) {
  print_error(fmt::format("slipstream: {}\n", one_line(error.message)));
  return exit_failed;
}

int report_usage(std::string_view message) {
  print_error(fmt::format("slipstream: {}\n", one_line(message)));
  return exit_usage;
}

void report_warning(std::string_view message) {
  print_error(fmt::format("slipstream: warning: {}\n", one_line(message)));
}

}  // namespace slipstream::cli
