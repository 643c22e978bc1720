// One function a command: its options, and what it does. Each returns the program's exit code: 0 done, 1
// failed, 2 wrong usage. Results go to stdout, everything else to stderr; an error is one line that says what
// and where.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/ids.h"
#include "core/time.h"

namespace slipstream::cli {

struct LoadOptions {
  std::vector<std::string> sources;
  std::string db, out;
  std::string format = "parquet";
  std::string partition_by;
  std::vector<std::string> tables;
  std::optional<std::int64_t> session_key;
  std::string circuit;
  int jobs = 0;  // sources at a time; 0: as many as there are cores
};
int run_load(const LoadOptions& options);

struct ReplayOptions {
  std::string source;
  std::string speed = "1";
  std::string from;
  std::string bus, db;
  std::optional<std::string> serve;  // given without a value: empty
  std::vector<std::string> allow_hosts;
  std::string circuit = {};
};
int run_replay(const ReplayOptions& options);

struct DemoOptions {
  std::string source;                 // empty: a simulated race
  std::optional<std::uint64_t> seed;  // of that; nothing: the day's
  std::string speed;                  // empty: 10, of a simulated race 4
  std::string from;
  std::string listen;
};
int run_demo(const DemoOptions& options);

struct ServeOptions {
  std::string listen;
  std::string db, bus;
  std::vector<std::string> allow_hosts;
};
int run_serve(const ServeOptions& options);

struct SimulateOptions {
  std::uint64_t seed = 1;
  std::string kind = "race";
  int year = 2026;
  std::optional<int> laps;
  int cars = 20;
  std::string quirks = "all";
  std::string out, truth;
};
struct SqlOptions {
  std::string statement;
  std::string db = ":memory:";
  std::string format = "table";
};
int run_sql(const SqlOptions& options);

struct FeedCatOptions {
  std::string source;
  std::vector<std::string> topics;
  std::optional<std::int32_t> driver_number;
  std::string from, to;
};
int run_feed_cat(const FeedCatOptions& options);

struct RecordOptions {
  std::string out;
  std::string url, token_file, ca_file;
  bool keeps_going = false;
  double sync_seconds = 1;
  double linger_seconds = 20;
  bool operator==(const RecordOptions&) const = default;
};
int run_record(const RecordOptions& options);

struct FetchOptions {
  std::string source;
  std::vector<std::string> mirrors;
  std::string out;  // root of the copy
  std::string ca_file;
};
int run_fetch(const FetchOptions& options);

struct LiveOptions {
  RecordOptions record;
  // Where the archive is fetched from behind the flag; none: F1's, if the live feed is F1's.
  std::vector<std::string> archives;
  std::string archive_root;  // of the copy; empty: SLIPSTREAM_ARCHIVE, or the cache
  bool waits_for_archive = false;
  std::string bus, db;
  std::optional<std::string> serve;  // given without a value: empty
  std::vector<std::string> allow_hosts;
  std::string circuit;
  double delay_seconds = 0;  // how far all viewers are kept behind
  bool operator==(const LiveOptions&) const = default;
};
int run_live(const LiveOptions& options);

struct UpOptions {
  std::string config;  // empty: slipstream.toml, where there is one
};
int run_up(const UpOptions& options);

struct StandInServeOptions {
  std::vector<std::string> sources;
  std::optional<std::string> serve;
  std::string speed = "1";
  std::string from;
  std::string faults;
  std::string tls_certificate, tls_key;
  bool waits_for_clients = false;
  std::vector<std::string> allow_hosts;
};
// With `stand_in.serve` a server, of a simulated session where no source is named; else files.
int run_simulate(const SimulateOptions& session, const StandInServeOptions& stand_in);

struct DoctorOptions {
  std::string config;  // as UpOptions
};
int run_doctor(const DoctorOptions& options);
int run_version();

}  // namespace slipstream::cli
