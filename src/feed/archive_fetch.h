// Copies sessions from F1's archive (or a mirror of its layout) into a folder of our own, where open_source
// finds them.
//
// Polite and resumable: one request at a time with a pause between them, Retry-After obeyed, what is whole is
// never asked for again, what was cut goes on where it stopped (Range with If-Range). Mirrors are asked in
// turn. Between "not yet" and "never" the archive does not tell (T10), so who waits polls. Thread rule: one
// thread at a time.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "core/result.h"
#include "feed/session_name.h"
#include "net/http_client.h"

namespace slipstream::feed {

inline constexpr std::string_view f1_archive_url = "https://livetiming.formula1.com/static/";

struct FetchOptions {
  std::vector<std::string> mirrors = {std::string(f1_archive_url)};  // in the order to be asked in
  std::filesystem::path root;                                        // of the copy; as archive_root()
  std::string ca_file = {};
  std::chrono::milliseconds pause = std::chrono::milliseconds(100);
  // For a server that says 429 or 5xx without Retry-After, and for a connection that is cut; doubled each
  // time.
  std::chrono::milliseconds retry = std::chrono::seconds(1);
  int tries = 5;
  std::function<void(const std::string&)> on_note = {};
};

struct FetchCounts {
  int files = 0, files_kept = 0;  // fetched, and there already
  std::int64_t bytes = 0;
};

class ArchiveFetcher {
 public:
  explicit ArchiveFetcher(FetchOptions options) : options_(std::move(options)) {}

  // The session's folder in the copy. Errors: not_found, no mirror has it (yet) or it is not in the season's
  // index; unavailable, no mirror answers, or the disk is full; malformed, its index is none.
  Result<std::filesystem::path> fetch(const SessionName& name, const std::stop_token& stop = {});
  // By SessionInfo's Path: "2025/2025-10-26_Mexico_City_Grand_Prix/2025-10-25_Qualifying/".
  Result<std::filesystem::path> fetch_path(const std::string& path, const std::stop_token& stop = {});
  // The text of the season's Index.json, fetched anew. Errors: as above.
  Result<std::string> fetch_season_index(int year, const std::stop_token& stop = {});
  FetchCounts counts() const { return counts_; }

 private:
  // Fetches `path` below the mirrors into `root`/`path`. `is_final`: what is there already is right.
  Result<void> fetch_file(const std::string& path, bool is_final, const std::stop_token& stop);
  Result<void> fetch_from(const std::string& mirror, const std::string& path, const std::stop_token& stop);
  Result<net::ClientAnswer> ask(net::ClientRequest& request, const std::stop_token& stop);
  void wait(std::chrono::milliseconds time, const std::stop_token& stop) const;

  const FetchOptions options_;
  FetchCounts counts_;
};

// The next pause of who polls for an archive after the flag: F1 has it in 20 to 30 minutes (T10), now and
// then hours later. Nothing: give up, it has been a day.
std::optional<std::chrono::seconds> archive_poll_pause(std::chrono::seconds since_flag);

}  // namespace slipstream::feed
