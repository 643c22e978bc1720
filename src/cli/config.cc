#include "cli/config.h"

#define TOML_EXCEPTIONS 0
#include <fmt/core.h>
#include <toml++/toml.h>
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <numeric>
#include <optional>
#include <variant>
#include <vector>

#include "feed/archive_fetch.h"
#include "feed/live_client.h"

namespace slipstream::cli {
namespace {

constexpr double delay_seconds_max = 300, seconds_max = 86'400;

struct Seconds {
  double* value;
  double max;
};

struct Key {
  std::string_view name;
  std::variant<std::string*, bool*, std::vector<std::string>*, Seconds> value;
};

// Every key there is.
std::vector<Key> keys_of(Config& config) {
  LiveOptions& live = config.live;
  return {{"live.url", &live.record.url},
          {"live.token_file", &live.record.token_file},
          {"live.ca_file", &live.record.ca_file},
          {"live.linger_seconds", Seconds{&live.record.linger_seconds, seconds_max}},
          {"live.circuit", &live.circuit},
          {"record.dir", &live.record.out},
          {"record.sync_seconds", Seconds{&live.record.sync_seconds, seconds_max}},
          {"bus.dir", &live.bus},
          {"warehouse.db", &live.db},
          {"archive.urls", &live.archives},
          {"archive.dir", &live.archive_root},
          {"archive.load", &live.waits_for_archive},
          {"serve.listen", &*live.serve},
          {"serve.allow_hosts", &live.allow_hosts},
          {"serve.delay_seconds", Seconds{&live.delay_seconds, delay_seconds_max}}};
}

// How many letters have to be put in, left out or changed.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t(0));
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t changed = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({changed, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row.back();
}

class Reader {
 public:
  Reader(Config& config, std::string name) : keys_(keys_of(config)), name_(std::move(name)) {}

  Result<void> read(const toml::table& root) {
    for (const auto& [section, node] : root) {
      const toml::table* const table = node.as_table();
      if (table == nullptr || !is_section(section.str())) {
        return unknown(section.source().begin.line, std::string(section.str()));
      }
      for (const auto& [key, value] : *table) {
        SLIP_TRY(read(fmt::format("{}.{}", section.str(), key.str()), key.source().begin.line, value));
      }
    }
    return {};
  }

 private:
  bool is_section(std::string_view name) const {
    return std::ranges::any_of(keys_, [name](const Key& key) {
      return key.name.starts_with(name) && key.name.substr(name.size()).starts_with('.');
    });
  }

  Result<void> wrong(std::size_t line, std::string_view what) const {
    return fail(Errc::malformed, fmt::format("{}:{}: {}", name_, line, what));
  }

  // What is meant by a key without a section, or by a section, may be the end or the beginning of a key's
  // name.
  Result<void> unknown(std::size_t line, const std::string& name) const {
    const auto far = [&name](std::string_view key) {
      const std::size_t dot = key.find('.');
      return std::min({edit_distance(name, key), edit_distance(name, key.substr(0, dot)),
                       edit_distance(name, key.substr(dot + 1))});
    };
    const auto nearest =
        std::ranges::min_element(keys_, {}, [&far](const Key& key) { return far(key.name); });
    const bool is_near = far(nearest->name) <= std::max<std::size_t>(2, name.size() / 3);
    const std::string hint = is_near ? fmt::format("; did you mean \"{}\"?", nearest->name) : "";
    return wrong(line, fmt::format("unknown key \"{}\"{}", name, hint));
  }

  Result<void> read(const std::string& name, std::size_t line, const toml::node& node) {
    const auto found = std::ranges::find(keys_, name, &Key::name);
    if (found == keys_.end()) return unknown(line, name);
    if (const auto* text = std::get_if<std::string*>(&found->value)) {
      const auto value = node.value_exact<std::string>();
      if (!value) return wrong(line, name + " takes a text in quotes");
      **text = *value;
    } else if (const auto* flag = std::get_if<bool*>(&found->value)) {
      const auto value = node.value_exact<bool>();
      if (!value) return wrong(line, name + " takes true or false");
      **flag = *value;
    } else if (const auto* list = std::get_if<std::vector<std::string>*>(&found->value)) {
      return read_list(name, line, node, **list);
    } else {
      const auto& [seconds, max] = std::get<Seconds>(found->value);
      const auto value = node.is_number() ? node.value<double>() : std::nullopt;
      if (!value || !(*value >= 0 && *value <= max)) {
        return wrong(line, fmt::format("{} takes a number from 0 to {}", name, max));
      }
      *seconds = *value;
    }
    return {};
  }

  Result<void> read_list(const std::string& name, std::size_t line, const toml::node& node,
                         std::vector<std::string>& list) const {
    const toml::array* const array = node.as_array();
    if (array == nullptr) return wrong(line, name + " takes a list: [\"...\", \"...\"]");
    list.clear();
    for (const toml::node& entry : *array) {
      const auto text = entry.value_exact<std::string>();
      if (!text) return wrong(entry.source().begin.line, name + " takes texts in quotes");
      list.push_back(*text);
    }
    return {};
  }

  const std::vector<Key> keys_;
  const std::string name_;
};

}  // namespace

Config default_config() {
  Config config;
  LiveOptions& live = config.live;
  live.record.url = feed::f1_live_url;
  live.record.out = "recordings";
  live.db = "f1.duckdb";
  live.archives = {std::string(feed::f1_archive_url)};
  live.waits_for_archive = true;
  live.serve = "127.0.0.1:8080";
  return config;
}

Result<Config> parse_config(std::string_view toml, const std::string& name) {
  const toml::parse_result parsed = toml::parse(toml, std::string_view(name));
  if (parsed.failed()) {
    return fail(Errc::malformed, fmt::format("{}:{}: {}", name, parsed.error().source().begin.line,
                                             parsed.error().description()));
  }
  Config config = default_config();
  SLIP_TRY(Reader(config, name).read(parsed.table()));
  return config;
}

Result<Config> read_config(const std::string& path) {
  const std::string name = path.empty() ? std::string(config_file_usual) : path;
  std::ifstream file(name, std::ios::binary);
  if (!file && path.empty()) return default_config();
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  if (!file) return fail(Errc::not_found, fmt::format("{}: cannot be read", name));
  return parse_config(text, name);
}

}  // namespace slipstream::cli
