#include "cli/archive_loads.h"

#include <fmt/core.h>
#include <algorithm>

#include "cli/report.h"

namespace slipstream::cli {

ArchiveLoads::ArchiveLoads(feed::FetchOptions options, Publish publish)
    : options_(std::move(options)), publish_(std::move(publish)) {
  thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

void ArchiveLoads::add(const std::string& path) {
  const std::scoped_lock lock(mutex_);
  if (std::ranges::find(known_, path) != known_.end()) return;
  known_.push_back(path);
  loads_.push_back({path, Clock::now(), Clock::now()});
  changed_.notify_all();
}

void ArchiveLoads::wait(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, stop, [this] { return loads_.empty(); });
}

void ArchiveLoads::run(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (!stop.stop_requested()) {
    const auto next = std::ranges::min_element(loads_, {}, &Load::due);
    if (next == loads_.end()) {
      changed_.wait(lock, stop, [this] { return !loads_.empty(); });
      continue;
    }
    if (next->due > Clock::now()) {
      // Woken by another load too, which may be due before.
      const std::size_t count = loads_.size();
      const Clock::time_point due = next->due;
      changed_.wait_until(lock, stop, due, [&] { return loads_.size() != count; });
      continue;
    }
    Load load = *next;
    lock.unlock();
    const bool is_done = try_load(load, stop);
    lock.lock();
    const auto place = std::ranges::find(loads_, load.path, &Load::path);
    if (is_done) loads_.erase(place);
    else *place = load;
    changed_.notify_all();
  }
}

bool ArchiveLoads::try_load(Load& load, const std::stop_token& stop) {
  feed::ArchiveFetcher fetcher(options_);
  const auto folder = fetcher.fetch_path(load.path, stop);
  if (folder) {
    options_.on_note(fmt::format("archive {}: {} files, {} bytes", folder->string(), fetcher.counts().files,
                                 fetcher.counts().bytes));
    if (const auto done = publish(*folder, stop); !done) report_warning("archive: " + done.error().message);
    return true;
  }
  if (stop.stop_requested()) return true;
  const auto pause =
      feed::archive_poll_pause(std::chrono::duration_cast<std::chrono::seconds>(Clock::now() - load.flag));
  if (!pause) {
    report_warning("archive: " + folder.error().message);
    return true;
  }
  options_.on_note(fmt::format("{}; asking again in {} s", folder.error().message, pause->count()));
  load.due = Clock::now() + *pause;
  return false;
}

Result<void> ArchiveLoads::publish(const std::filesystem::path& folder, const std::stop_token& stop) {
  auto source = feed::open_source(folder.string());
  if (!source) return tl::make_unexpected(source.error());
  return publish_(**source, stop);
}

}  // namespace slipstream::cli
