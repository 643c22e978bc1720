// How a command ends: its error as one line on stderr, its result on stdout.
#pragma once

#include <string_view>

#include "core/result.h"

namespace slipstream::cli {

inline constexpr int exit_done = 0;
inline constexpr int exit_failed = 1;
inline constexpr int exit_usage = 2;

// "slipstream: <message>" on stderr, line breaks folded.
int report_failure(const Error& error);
int report_usage(std::string_view message);
// A warning that does not end the command.
void report_warning(std::string_view message);
// Sends the log (spdlog's default, which writes to stdout) to stderr. Once, before any command.
void log_to_stderr();
void print(std::string_view text);
void print_error(std::string_view text);

}  // namespace slipstream::cli
