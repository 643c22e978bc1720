// Behind the flag: waits until F1's archive has a session, and publishes it as the higher build. The archive
// does not tell between "not yet" and "never" (T10): it is asked less and less often, for a day.
//
// Thread rule: any thread; one of its own fetches and publishes, a session at a time.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "core/result.h"
#include "feed/archive_fetch.h"
#include "feed/source.h"

namespace slipstream::cli {

class ArchiveLoads {
 public:
  using Publish = std::function<Result<void>(feed::Source& source, const std::stop_token& stop)>;

  // `publish` is called on the thread of this.
  ArchiveLoads(feed::FetchOptions options, Publish publish);
  ~ArchiveLoads() = default;  // stops

  // The session of that Path (SessionInfo's) is over. Twice is once.
  void add(const std::string& path);
  // Waits until nothing is to be loaded any more, or the stop.
  void wait(const std::stop_token& stop);

 private:
  using Clock = std::chrono::steady_clock;
  struct Load {
    std::string path;
    Clock::time_point flag, due;
  };

  void run(const std::stop_token& stop);
  // True: done with it, loaded or given up.
  bool try_load(Load& load, const std::stop_token& stop);
  Result<void> publish(const std::filesystem::path& folder, const std::stop_token& stop);

  const feed::FetchOptions options_;
  const Publish publish_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::vector<Load> loads_;         // the one that is tried now too
  std::vector<std::string> known_;  // paths that were added
  std::jthread thread_;             // last: it ends before what it uses goes
};

}  // namespace slipstream::cli
