// slipstream.toml: what `up` runs with. The file in the project's root has every key with its default.
#pragma once

#include <string>
#include <string_view>

#include "cli/commands.h"
#include "core/result.h"

namespace slipstream::cli {

inline constexpr std::string_view config_file_usual = "slipstream.toml";

struct Config {
  LiveOptions live;  // `serve` is given; empty: no page
  bool operator==(const Config&) const = default;
};

// What holds where a file says nothing.
Config default_config();

// Errors: malformed, names file and line: no TOML, a value of another type or outside its range, a key that
// is unknown (with the one that may be meant). `name` is for those.
Result<Config> parse_config(std::string_view toml, const std::string& name);

// `path` empty: slipstream.toml, if it is there, else what is usual. Errors: not_found, `path` is not there;
// those of parse_config.
Result<Config> read_config(const std::string& path);

}  // namespace slipstream::cli
