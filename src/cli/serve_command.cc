// serve: the page for sessions that are on a log or in a database already.
#include <fmt/core.h>
#include <filesystem>

#include "bus/bus.h"
#include "cli/commands.h"
#include "cli/listen.h"
#include "cli/report.h"
#include "cli/stop_signal.h"
#include "serve/web_app.h"
#include "warehouse/warehouse.h"

namespace slipstream::cli {
namespace {

// A row's place on the timeline when only its table is left: the session time that it speaks of.
template <class Row>
std::int64_t shown_at_ms(const Row& row) {
  if constexpr (requires { row.from_session_time_ms; }) return row.from_session_time_ms;
  else if constexpr (std::is_same_v<Row, record::Lap> || std::is_same_v<Row, record::Rejected>)
    return row.session_time_ms.value_or(0);
  else if constexpr (requires { row.session_time_ms; }) return row.session_time_ms;
  else return 0;
}

// Session times at which a car's laps began, so that a stint appears when it was driven.
using LapStarts = std::map<std::pair<record::Int, record::Int>, std::int64_t>;

class RowFeeder {
 public:
  explicit RowFeeder(serve::Hub& hub) : hub_(hub) {}

  void take(warehouse::StagingRow&& row) {
    std::int64_t at_ms = std::visit([](const auto& typed) { return shown_at_ms(typed); }, row.row);
    if (const auto* lap = std::get_if<record::Lap>(&row.row)) {
      lap_starts_[{lap->driver_number, lap->lap_number}] = lap->lap_start_session_time_ms.value_or(at_ms);
    }
    if (const auto* stint = std::get_if<record::Stint>(&row.row); stint && stint->first_lap_number) {
      const auto start = lap_starts_.find({stint->driver_number, *stint->first_lap_number});
      if (start != lap_starts_.end()) at_ms = start->second;
    }
    hub_.add({std::string(row.build), row.envelope, std::move(row.row)}, at_ms);
  }

 private:
  serve::Hub& hub_;
  LapStarts lap_starts_;
};

Result<void> show_database(const std::string& db, serve::Hub& hub) {
  auto opened = warehouse::open_duckdb(db, {.is_read_only = true});
  if (!opened) return tl::make_unexpected(opened.error());
  const auto keys = (*opened)->query("select session_key from staging.stg_sessions order by start_date");
  if (!keys) return tl::make_unexpected(keys.error());
  for (std::size_t i = 0; i < keys->row_count(); ++i) {
    RowFeeder feeder(hub);
    const SessionKey key(std::stoll(std::string(keys->columns[0].cell(i).value_or("0"))));
    SLIP_TRY(
        (*opened)->read_session(key, {}, [&](warehouse::StagingRow&& row) { feeder.take(std::move(row)); }));
  }
  return {};
}

}  // namespace

int run_serve(const ServeOptions& options) {
  if (options.db.empty() && options.bus.empty()) {
    return report_usage("serve: say what to show: --bus DIR, or --db FILE");
  }
  const auto listen = parse_listen(options.listen, options.allow_hosts);
  if (!listen) return report_usage("serve: " + listen.error().message);
  const StopSignal stop;
  serve::Hub hub(serve::system_steady_clock());
  std::unique_ptr<bus::Bus> log;
  // The log has every revision at its time; the database has what is left at the end.
  std::string folder = options.bus;
  if (folder.empty() && std::filesystem::is_directory(options.db + ".bus")) folder = options.db + ".bus";
  if (!folder.empty()) {
    if (!std::filesystem::is_directory(folder)) {
      return report_failure({Errc::not_found, fmt::format("{}: no such log", folder)});
    }
    auto opened = bus::open_embedded_bus(folder);
    if (!opened) return report_failure(opened.error());
    log = std::move(*opened);
  } else if (const auto shown = show_database(options.db, hub); !shown) {
    return report_failure(shown.error());
  }
  const auto app = serve::WebApp::start(hub, log.get(), *listen, serve::web_assets());
  if (!app) return report_failure(app.error());
  print(fmt::format("page {}\n", page_address(*listen, (*app)->port())));
  stop.wait();
  (*app)->stop();
  return exit_done;
}

}  // namespace slipstream::cli
