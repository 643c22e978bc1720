// doctor: can this machine run slipstream, and what would stand in the way? version: what this is.
#include <fmt/core.h>
#include <unistd.h>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <set>
#include <thread>

#include "cli/commands.h"
#include "cli/config.h"
#include "cli/listen.h"
#include "cli/report.h"
#include "feed/token_file.h"
#include "net/server.h"
#include "serve/asset.h"
#include "session/engine.h"
#include "warehouse/warehouse.h"

namespace slipstream::cli {
namespace {

namespace fs = std::filesystem;

struct Finding {
  bool is_fine = true;
  std::string text;
};

Finding check_database() {
  auto opened = warehouse::open_duckdb(":memory:");
  if (!opened) return {false, opened.error().message};
  const auto version = (*opened)->query("select version()");
  if (!version) return {false, version.error().message};
  return {true, fmt::format("DuckDB {}", version->columns[0].cell(0).value_or("?"))};
}

// A config that cannot be read is found once; the rest is looked at as is usual then.
Finding check_config(const DoctorOptions& options, const Result<Config>& config) {
  if (!config) return {false, config.error().message};
  const std::string name = options.config.empty() ? std::string(config_file_usual) : options.config;
  std::error_code error;
  if (!fs::exists(name, error)) return {true, fmt::format("no {} here: `up` takes what is usual", name)};
  return {true, fmt::format("{}: every key is known", name)};
}

Finding check_port(const LiveOptions& live) {
  if (!live.serve || live.serve->empty()) return {true, "no page is wanted"};
  const auto listen = parse_listen(*live.serve, live.allow_hosts);
  if (!listen) return {false, listen.error().message};
  net::Handlers handlers;
  handlers.on_request = [](const net::Request&) { return net::Response::error(503, "doctor"); };
  const auto server = net::start_server(*listen, std::move(handlers));
  if (!server) return {false, server.error().message};
  return {true, fmt::format("{} is free", page_address(*listen, listen->port))};
}

Finding check_page() {
  const auto assets = serve::web_assets();
  std::size_t bytes = 0;
  for (const serve::Asset& asset : assets) bytes += asset.bytes.size();
  return {!assets.empty(), fmt::format("{} files, {} kB compiled in", assets.size(), bytes / 1000)};
}

// The folder itself, or of those above it the first that is there.
fs::path existing(fs::path folder) {
  std::error_code error;
  folder = folder.empty() ? fs::current_path(error) : fs::absolute(folder, error);
  while (folder.has_relative_path() && !fs::exists(folder, error)) folder = folder.parent_path();
  return folder;
}

// Where `up` would write.
Finding check_folders(const LiveOptions& live) {
  std::set<fs::path> folders;
  for (const std::string& folder : {live.record.out, live.bus}) {
    if (!folder.empty()) folders.insert(existing(folder));
  }
  if (!live.db.empty()) folders.insert(existing(fs::path(live.db).parent_path()));
  Finding all;
  for (const fs::path& folder : folders) {
    std::error_code error;
    const auto space = fs::space(folder, error);
    const bool is_writable = ::access(folder.c_str(), W_OK) == 0;
    constexpr std::uintmax_t needed = 2'000'000'000;  // a season's weekend, log and database
    all.is_fine = all.is_fine && !error && is_writable && space.available > needed;
    all.text += fmt::format("{}{}: {}, {:.1f} GB free", all.text.empty() ? "" : "; ", folder.string(),
                            is_writable ? "writable" : "read-only",
                            error ? 0.0 : static_cast<double>(space.available) / 1e9);
  }
  return all;
}

Finding check_data() {
  const char* data = std::getenv("SLIPSTREAM_DATA");
  const fs::path folder = data && *data ? data : "../shared/data";
  const bool is_there = fs::is_directory(folder / "archive");
  return {true, is_there ? fmt::format("{}: there", folder.string())
                         : fmt::format("{}: not there; only `demo` without --source and tests need it",
                                       folder.string())};
}

// The token is optional, so only one that cannot be used is bad.
Finding check_token(const LiveOptions& live) {
  const auto token = feed::TokenFile(live.record.token_file).read();
  if (!token && token.error().code == Errc::not_found) {
    return {true, "no F1TV token: car data, positions and pit stops do not come live (docs/live-client.md)"};
  }
  if (!token) return {false, token.error().message};
  const UtcTime now = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  return {!token->is_expired(now), "F1TV token: " + feed::expiry_text(token->expires, now)};
}

Finding check_machine() {
  const auto memory =
      static_cast<double>(::sysconf(_SC_PHYS_PAGES)) * static_cast<double>(::sysconf(_SC_PAGESIZE));
  return {memory > 1e9,
          fmt::format("{} cores, {:.1f} GB of memory", std::thread::hardware_concurrency(), memory / 1e9)};
}

}  // namespace

int run_doctor(const DoctorOptions& options) {
  const Result<Config> read = read_config(options.config);
  const LiveOptions live = read.value_or(default_config()).live;
  const std::pair<const char*, std::function<Finding()>> checks[] = {
      {"machine", check_machine},
      {"database", check_database},
      {"page", check_page},
      {"config", [&] { return check_config(options, read); }},
      {"port", [&] { return check_port(live); }},
      {"folder", [&] { return check_folders(live); }},
      {"data", check_data},
      {"token", [&] { return check_token(live); }},
  };
  bool all_fine = true;
  for (const auto& [name, check] : checks) {
    const Finding finding = check();
    all_fine = all_fine && finding.is_fine;
    print(fmt::format("{:<9} {:<4} {}\n", name, finding.is_fine ? "ok" : "BAD", finding.text));
  }
  return all_fine ? exit_done : exit_failed;
}

int run_version() {
  print(
      fmt::format("slipstream {} (engine {:04}, records /1)\n", SLIPSTREAM_VERSION, session::engine_version));
  return exit_done;
}

}  // namespace slipstream::cli
