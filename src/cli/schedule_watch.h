// What session comes next by F1's schedule: the season's Index.json, fetched now and then. A hint for people;
// the feed says when a session begins.
//
// Thread rule: any thread; one of its own fetches.
#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "feed/archive_fetch.h"
#include "feed/schedule.h"
#include "serve/status.h"

namespace slipstream::cli {

class ScheduleWatch {
 public:
  explicit ScheduleWatch(feed::FetchOptions options);
  ~ScheduleWatch() = default;  // stops

  // Without what it does not know: whether the feed is connected.
  serve::NextSession next() const;

 private:
  void run(const std::stop_token& stop);
  // The schedule of this year and, once that has nothing to come, of the next.
  Result<std::vector<feed::ScheduledSession>> fetch(const std::stop_token& stop) const;

  const feed::FetchOptions options_;
  mutable std::mutex mutex_;
  std::vector<feed::ScheduledSession> schedule_;
  std::optional<std::string> trouble_;
  std::jthread thread_;  // last: it ends before what it uses goes
};

}  // namespace slipstream::cli
