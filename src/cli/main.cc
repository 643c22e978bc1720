// slipstream: Formula 1 timing from the wire to SQL and to the screen. This file is the table of contents:
// every command with its options; what each does is in the file named after it.
#include <CLI/CLI.hpp>
#include <functional>
#include <string>

#include "cli/commands.h"
#include "cli/report.h"

namespace slipstream::cli {
namespace {

const char* const source_help =
    "A recording of any format (docs/feed.md), plain or .gz; a session's archive folder; or "
    "SEASON/EVENT/SESSION";
const char* const circuit_help = "Place cars that send no positions on the circuit of this source";

class Commands {
 public:
  Commands() {
    app_.require_subcommand(1);
    app_.set_help_flag("-h,--help", "Show this help");
    add_demo();
    add_load();
    add_replay();
    add_serve();
    add_live();
    add_up();
    add_fetch();
    add_simulate();
    add_sql();
    add_feed();
    add_doctor_and_version();
  }

  int run(int argc, char** argv) {
    try {
      app_.parse(argc, argv);
    } catch (const CLI::CallForHelp& help) {
      return app_.exit(help);
    } catch (const CLI::ParseError& error) {
      return report_usage(std::string(error.what()) + " (see slipstream --help)");
    }
    return chosen_();
  }

 private:
  CLI::App* command(const char* name, const char* what, const std::string& example,
                    std::function<int()> run) {
    CLI::App* added = app_.add_subcommand(name, what);
    added->footer("Example:\n  slipstream " + example);
    added->callback([this, run = std::move(run)] { chosen_ = run; });
    return added;
  }

  void add_demo() {
    auto* demo = command("demo", "Show a race in log, database and page on http://127.0.0.1:8080",
                         "demo\n  slipstream demo --source recordings/monza.txt.gz --speed 10",
                         [this] { return run_demo(demo_); });
    demo->add_option("--source", demo_.source, std::string("Instead of a simulated race: ") + source_help)
        ->type_name("SOURCE");
    demo->add_option("--seed", demo_.seed, "Another race than the day's");
    demo->add_option("--speed", demo_.speed,
                     "Seconds of session a second, or max (default 4, of a source 10)");
    demo->add_option("--from", demo_.from,
                     "Session time to pace from (default: lap 5, of a source six minutes in)");
    demo->add_option("--listen", demo_.listen, "ADDRESS:PORT of the page (default 127.0.0.1:8080)");
  }

  void add_load() {
    auto* load = command(
        "load", "Read a session, or a season of them, into tables",
        "load 2025-10-25_Qualifying --out tables --format csv\n  slipstream load archive/2025 --out tables",
        [this] { return run_load(load_); });
    load->add_option("sources", load_.sources,
                     std::string(source_help) + "; or a folder with many of these, found by content")
        ->required()
        ->type_name("SOURCE");
    load->add_option("--db", load_.db, "DuckDB file to load into (made if missing)");
    load->add_option("--out", load_.out, "Folder for one file a table (made if missing)");
    load->add_option("--format", load_.format, "parquet, csv or jsonl")->capture_default_str();
    load->add_option("--partition-by", load_.partition_by,
                     "date: Hive folders date=.../session_key=..., as several sources have them always");
    load->add_option("--jobs", load_.jobs, "Sources read at a time (default: the number of cores)");
    load->add_option("--tables", load_.tables,
                     "Only these tables; with --format jsonl also f1_laps, f1_tele: records as the bus has "
                     "them, under FastF1's names")
        ->delimiter(',');
    load->add_option("--session", load_.session_key, "Only the session of this key");
    load->add_option("--circuit", load_.circuit, circuit_help)->type_name("SOURCE");
  }

  void add_replay() {
    auto* replay = command("replay", "Publish a session at some pace to a log, a database and a page",
                           "replay 2025-10-25_Qualifying --speed 10 --db f1.duckdb --serve",
                           [this] { return run_replay(replay_); });
    replay->add_option("source", replay_.source, source_help)->required()->type_name("SOURCE");
    replay->add_option("--speed", replay_.speed, "Seconds of session a second, or max")
        ->capture_default_str();
    replay->add_option("--from", replay_.from, "Session time to pace from; what is before comes at once");
    replay->add_option("--bus", replay_.bus, "Folder of the log (default: <db>.bus, or in memory)");
    replay->add_option("--db", replay_.db, "DuckDB file that the sink loads into");
    replay->add_option("--circuit", replay_.circuit, circuit_help)->type_name("SOURCE");
    replay
        ->add_option_function<std::string>(
            "--serve", [this](const std::string& text) { replay_.serve = text; },
            "Show it on ADDRESS:PORT (default 127.0.0.1:8080, or the environment's PORT)")
        ->expected(0, 1)
        ->default_str("");
    replay->add_option("--allow-host", replay_.allow_hosts,
                       "Host names that the page may be asked for under");
  }

  void add_serve() {
    auto* serve = command("serve", "Show the sessions of a log or a database", "serve --db f1.duckdb",
                          [this] { return run_serve(serve_); });
    serve->add_option("--listen", serve_.listen, "ADDRESS:PORT (default 127.0.0.1:8080)");
    serve->add_option("--db", serve_.db, "DuckDB file; its log <db>.bus is shown where there is one");
    serve->add_option("--bus", serve_.bus, "Folder of a log");
    serve->add_option("--allow-host", serve_.allow_hosts, "Host names that the page may be asked for under");
  }

  void add_record_options(CLI::App& command, RecordOptions& options) {
    command.add_option("--url", options.url, "Hub to connect to (default: F1's)");
    command.add_option("--token-file", options.token_file,
                       "File with the F1TV token (default: the environment's SLIPSTREAM_F1TV_TOKEN_FILE or "
                       "SLIPSTREAM_F1TV_TOKEN)");
    command.add_option("--ca-file", options.ca_file, "Certificates to trust, PEM (default: the system's)");
    command
        .add_option("--sync-seconds", options.sync_seconds,
                    "How often the recording is forced to the disk; 0: each frame")
        ->capture_default_str();
    command
        .add_option("--linger-seconds", options.linger_seconds,
                    "How long to listen behind the end of the session, for late results")
        ->capture_default_str();
    command.add_flag("--keep-going", options.keeps_going,
                     "Wait for the next session instead of ending with one");
  }

  void add_live() {
    auto* record = command("record", "Record the live session's raw feed", "record --out recordings",
                           [this] { return run_record(record_); });
    record->add_option("--out", record_.out, "Folder for one file a session (made if missing)")->required();
    add_record_options(*record, record_);
    auto* live =
        command("live", "Follow the live session: record, publish, store, show",
                "live --record recordings --db f1.duckdb --serve", [this] { return run_live(live_); });
    live->add_option("--record", live_.record.out, "Folder for the raw feed, one file a session");
    add_record_options(*live, live_.record);
    live->add_option("--bus", live_.bus, "Folder of the log (default: <db>.bus, or in memory)");
    live->add_option("--db", live_.db, "DuckDB file that the sink loads into");
    live->add_option_function<std::string>(
            "--serve", [this](const std::string& text) { live_.serve = text; },
            "Show it on ADDRESS:PORT (default 127.0.0.1:8080, or the environment's PORT)")
        ->expected(0, 1)
        ->default_str("");
    live->add_option("--circuit", live_.circuit, circuit_help)->type_name("SOURCE");
    live->add_flag("--archive", live_.waits_for_archive,
                   "Behind the flag, wait for F1's archive of the session and load it over the live records");
    live->add_option("--mirror", live_.archives, "Archive to fetch from, in the order to be asked in");
    live->add_option("--allow-host", live_.allow_hosts, "Host names that the page may be asked for under");
  }

  void add_up() {
    auto* up = command("up", "The whole live system: wait for sessions, record, store and show them",
                       "up --config slipstream.toml", [this] { return run_up(up_); });
    up->add_option("--config", up_.config,
                   "Every key is in the project's slipstream.toml (default: that name)");
  }

  void add_fetch() {
    auto* fetch = command("fetch", "Copy a session's raw archive into the cache", "fetch 2025/Mexico/Q",
                          [this] { return run_fetch(fetch_); });
    fetch->add_option("source", fetch_.source, "SEASON/EVENT/SESSION, or SessionInfo's Path")
        ->required()
        ->type_name("SOURCE");
    fetch->add_option("--mirror", fetch_.mirrors,
                      "Archive to fetch from, in the order to be asked in (default: F1's)");
    fetch->add_option("--out", fetch_.out, "Root of the copy (default: SLIPSTREAM_ARCHIVE, or the cache)");
    fetch->add_option("--ca-file", fetch_.ca_file, "Certificates to trust, PEM (default: the system's)");
  }

  void add_simulate() {
    auto* simulate = command("simulate", "Drive a session that never was; or stand in for F1's servers",
                             "simulate --seed 7 --kind race --out archive\n"
                             "  slipstream simulate --serve 127.0.0.1:8089 2025-10-25_Qualifying --speed 10",
                             [this] { return run_simulate(simulate_, stand_in_); });
    simulate
        ->add_option("--seed", simulate_.seed, "Another seed is another session, and hits others by faults")
        ->capture_default_str();
    simulate->add_option("--kind", simulate_.kind, "race, sprint, qualifying, sprint-qualifying or practice")
        ->capture_default_str();
    simulate->add_option("--year", simulate_.year, "Its rules: 2025 or 2026")->capture_default_str();
    simulate->add_option("--laps", simulate_.laps, "Of a race; else the most that a car drives");
    simulate->add_option("--cars", simulate_.cars, "2 to 30")->capture_default_str();
    simulate->add_option("--quirks", simulate_.quirks, "What the feed does wrong: none, all or a list")
        ->capture_default_str();
    simulate->add_option("--out", simulate_.out, "Folder of an archive to write it into");
    simulate->add_option("--truth", simulate_.truth, "Folder for what really happened, as tables");
    simulate
        ->add_option("sources", stand_in_.sources,
                     std::string("With --serve, instead of a simulated session: ") + source_help)
        ->type_name("SOURCE");
    simulate
        ->add_option_function<std::string>(
            "--serve", [this](const std::string& text) { stand_in_.serve = text; },
            "Listen on ADDRESS:PORT (default 127.0.0.1:8089)")
        ->expected(0, 1)
        ->default_str("");
    simulate->add_option("--speed", stand_in_.speed, "Seconds of session a second, or max")
        ->capture_default_str();
    simulate->add_option("--from", stand_in_.from,
                         "Session time to begin at; what is before is the snapshot");
    simulate->add_option("--faults", stand_in_.faults, "What goes wrong, with values: drop,cut=0.01,503=2");
    simulate->add_option("--tls-cert", stand_in_.tls_certificate,
                         "Certificate with its chain, PEM: https and wss");
    simulate->add_option("--tls-key", stand_in_.tls_key, "Its key, PEM");
    simulate->add_flag("--wait", stand_in_.waits_for_clients, "Stand still while nobody has subscribed");
    simulate->add_option("--allow-host", stand_in_.allow_hosts, "Host names that it may be asked for under");
  }

  void add_sql() {
    auto* sql = command("sql", "Run SQL on a database, also while a slipstream writes to it",
                        "sql \"select * from staging.stg_laps limit 5\" --db f1.duckdb",
                        [this] { return run_sql(sql_); });
    sql->add_option("statement", sql_.statement, "SQL of DuckDB; the database is called f1")->required();
    sql->add_option("--db", sql_.db,
                    "DuckDB file; without it the statement reads files: from 'tables/laps.parquet'");
    sql->add_option("--format", sql_.format, "table, csv or json")->capture_default_str();
  }

  void add_feed() {
    CLI::App* feed = app_.add_subcommand("feed", "Look at feed messages");
    feed->require_subcommand(1);
    CLI::App* cat = feed->add_subcommand("cat", "Print a source's messages in order, one JSON object a line");
    cat->footer(
        "Example:\n  slipstream feed cat 2025-10-25_Qualifying --topic TimingData --driver 4 --to 00:20:00");
    cat->add_option("source", cat_.source, source_help)->required()->type_name("SOURCE");
    cat->add_option("--topic", cat_.topics, "Only these feed topics")->delimiter(',');
    cat->add_option("--driver", cat_.driver_number, "Only messages that name this car number");
    cat->add_option("--from", cat_.from, "From this session time on, HH:MM:SS");
    cat->add_option("--to", cat_.to, "Up to this session time, HH:MM:SS");
    cat->callback([this] { chosen_ = [this] { return run_feed_cat(cat_); }; });
  }

  void add_doctor_and_version() {
    auto* doctor = command("doctor", "Check that this machine can run slipstream", "doctor",
                           [this] { return run_doctor(doctor_); });
    doctor->add_option("--config", doctor_.config, "What `up` would run with (default: slipstream.toml)");
    command("version", "Print the version", "version", run_version);
  }

  CLI::App app_{"Formula 1 timing from the wire to SQL and to the screen"};
  std::function<int()> chosen_;
  DemoOptions demo_;
  LoadOptions load_;
  ReplayOptions replay_;
  ServeOptions serve_;
  RecordOptions record_;
  LiveOptions live_;
  UpOptions up_;
  DoctorOptions doctor_;
  FetchOptions fetch_;
  StandInServeOptions stand_in_;
  SimulateOptions simulate_;
  SqlOptions sql_;
  FeedCatOptions cat_;
};

}  // namespace
}  // namespace slipstream::cli

int main(int argc, char** argv) {
  slipstream::cli::log_to_stderr();
  return slipstream::cli::Commands().run(argc, argv);
}
