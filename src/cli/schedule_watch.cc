#include "cli/schedule_watch.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>

namespace slipstream::cli {
namespace {

using std::chrono::seconds;

// Meetings come into the index days ahead. A host that does not answer is asked again sooner, but not often.
constexpr seconds refresh_pause = std::chrono::hours(6);
constexpr seconds retry_pause_min = std::chrono::minutes(1), retry_pause_max = std::chrono::hours(1);

UtcTime now_utc() { return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()); }

int year_of(UtcTime time) {
  return static_cast<int>(std::chrono::year_month_day(std::chrono::floor<std::chrono::days>(time)).year());
}

}  // namespace

ScheduleWatch::ScheduleWatch(feed::FetchOptions options) : options_(std::move(options)) {
  thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

serve::NextSession ScheduleWatch::next() const {
  const std::scoped_lock lock(mutex_);
  serve::NextSession next;
  next.schedule_trouble = trouble_;
  if (const auto* session = feed::next_session(schedule_, now_utc())) {
    next.meeting_name = session->meeting_name;
    next.session_name = session->session_name;
    next.start_date = session->start;
    next.gmt_offset_s = session->gmt_offset_s;
  }
  return next;
}

Result<std::vector<feed::ScheduledSession>> ScheduleWatch::fetch(const std::stop_token& stop) const {
  feed::ArchiveFetcher fetcher(options_);
  const UtcTime now = now_utc();
  const auto text = fetcher.fetch_season_index(year_of(now), stop);
  if (!text) return tl::make_unexpected(text.error());
  auto schedule = feed::parse_schedule(*text);
  if (!schedule || feed::next_session(*schedule, now) != nullptr) return schedule;
  // In winter the next season's may not be there yet: no trouble.
  const auto next_text = fetcher.fetch_season_index(year_of(now) + 1, stop);
  auto next_schedule = next_text ? feed::parse_schedule(*next_text) : schedule;
  return next_schedule ? next_schedule : schedule;
}

void ScheduleWatch::run(const std::stop_token& stop) {
  seconds retry_pause = retry_pause_min;
  std::unique_lock lock(mutex_);
  while (!stop.stop_requested()) {
    lock.unlock();
    auto schedule = fetch(stop);
    lock.lock();
    // What was known stays known.
    trouble_ = schedule ? std::nullopt : std::optional(schedule.error().message);
    if (schedule) schedule_ = std::move(*schedule);
    const seconds pause = schedule ? refresh_pause : retry_pause;
    retry_pause = schedule ? retry_pause_min : std::min(retry_pause * 2, retry_pause_max);
    std::condition_variable_any wake;
    wake.wait_for(lock, stop, pause, [] { return false; });
  }
}

}  // namespace slipstream::cli
