#include "bus/embedded_bus.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <sys/file.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <charconv>
#include <filesystem>
#include <system_error>

#include "bus/rules.h"

namespace slipstream::bus {
namespace {

constexpr std::int64_t format_version = 1;
constexpr std::size_t small_file_bytes_max = 64u << 10;

template <class T>
std::optional<T> parse_number(std::string_view text) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

tl::unexpected<Error> unreadable(const std::string& path) {
  return fail(Errc::malformed, fmt::format("{}: damaged, a line of it cannot be read", path));
}

// Changes with every start of the machine. Where the system does not tell, every open counts as a new start.
std::string boot_id() {
  const auto file = File::open("/proc/sys/kernel/random/boot_id", O_RDONLY);
  std::string text(36, '\0');
  if (!file || file->read_at(text, 0).value_or(0) != text.size()) return random_identity();
  return text;
}

Result<File> take_lock(const std::string& folder) {
  const std::string path = folder + "/lock";
  auto file = File::open(path, O_RDWR | O_CREAT);
  if (!file) return file;
  if (::flock(file->fd(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return fail_errno(path, "lock", errno);
    std::string pid = read_text(path, small_file_bytes_max).value_or("");
    pid.erase(std::min(pid.find('\n'), pid.size()));
    return fail(Errc::unavailable, fmt::format("{}: the log is in use by another process ({})", folder, pid));
  }
  SLIP_TRY(file->truncate(0));
  SLIP_TRY(file->write_at(fmt::format("pid {}\n", ::getpid()), 0));
  return file;
}

// A folder that holds other things is not a place for a log: nor is it one whose meta file was lost.
Result<void> check_is_new(const std::string& folder) {
  std::error_code error;
  for (std::filesystem::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    const std::string name = at->path().filename().string();
    if (name == "lock" || name == "meta.tmp" || name == "lost+found") continue;
    return fail(Errc::malformed, fmt::format("{}: not a log: has no file meta, but holds {}", folder, name));
  }
  if (error) return fail_errno(folder, "list the folder", error.value());
  return {};
}

}  // namespace

Result<std::unique_ptr<Bus>> open_embedded_bus(const std::string& folder) {
  return EmbeddedBus::open(folder);
}

Result<std::unique_ptr<Bus>> EmbeddedBus::open(const std::string& folder) {
  SLIP_TRY(make_folders(folder));
  auto lock = take_lock(folder);
  if (!lock) return tl::make_unexpected(lock.error());
  auto bus = std::make_unique<EmbeddedBus>(folder, std::move(*lock));
  SLIP_TRY(bus->load());
  return bus;
}

Result<void> EmbeddedBus::load() {
  SLIP_TRY(load_meta());
  const auto flushed = load_flushed();
  if (!flushed) return tl::make_unexpected(flushed.error());
  const std::string boot_path = folder_ + "/boot";
  const std::string boot = fmt::format("boot {}\n", boot_id());
  const std::string last_boot = read_text(boot_path, small_file_bytes_max).value_or("");
  SLIP_TRY(load_topics(*flushed, boot == last_boot ? LastCrash::process : LastCrash::machine));
  SLIP_TRY(load_stored());
  // Last, so that an open that failed changes nothing about how the next one judges the same damage.
  return boot == last_boot ? Result<void>() : replace_text(boot_path, boot, Durability::process);
}

Result<void> EmbeddedBus::load_meta() {
  const std::string path = folder_ + "/meta";
  if (!file_exists(path)) {
    SLIP_TRY(check_is_new(folder_));
    identity_ = random_identity();
    const std::string text = fmt::format("slipstream-bus {}\nidentity {}\n", format_version, identity_);
    return replace_text(path, with_checksum(text), Durability::machine);
  }
  // The version stands in front of everything that a later version may write in another way.
  const std::string start = read_text(path, small_file_bytes_max).value_or("");
  constexpr std::string_view name = "slipstream-bus ";
  if (start.starts_with(name)) {
    const std::string_view rest = std::string_view(start).substr(name.size());
    const auto version = parse_number<std::int64_t>(rest.substr(0, rest.find('\n')));
    if (version && *version > format_version) {
      return fail(Errc::unsupported, fmt::format("{}: format version {} is newer than this program's {}",
                                                 path, *version, format_version));
    }
  }
  const auto lines = read_checked_lines(path);
  if (!lines) return tl::make_unexpected(lines.error());
  if (lines->size() < 2 || (*lines)[1].size() != 2 || (*lines)[1][0] != "identity") return unreadable(path);
  identity_ = (*lines)[1][1];
  return {};
}

Result<std::map<EmbeddedBus::PartitionName, FlushedPoint>> EmbeddedBus::load_flushed() const {
  std::map<PartitionName, FlushedPoint> flushed;
  const std::string path = folder_ + "/flushed";
  const auto lines = read_checked_lines(path);
  // Not there, or lost with a machine: then less is known to be safe, which only makes recovery milder.
  if (!lines && lines.error().code != Errc::unavailable) return flushed;
  if (!lines) return tl::make_unexpected(lines.error());
  for (const auto& words : *lines) {
    if (words.size() != 4) return unreadable(path);
    const auto partition = parse_number<std::int32_t>(words[1]);
    const auto base_offset = parse_number<std::int64_t>(words[2]);
    const auto position = parse_number<std::int64_t>(words[3]);
    if (!partition || !base_offset || !position) return unreadable(path);
    flushed[{words[0], *partition}] = {*base_offset, *position};
  }
  return flushed;
}

Result<void> EmbeddedBus::load_topics(const std::map<PartitionName, FlushedPoint>& flushed, LastCrash crash) {
  const std::string all = folder_ + "/topics";
  if (!file_exists(all)) return {};
  std::error_code error;
  for (std::filesystem::directory_iterator at(all, error), end; !error && at != end; at.increment(error)) {
    const std::string name = at->path().filename().string();
    const std::string path = at->path().string() + "/topic";
    const auto lines = read_checked_lines(path);
    if (!lines && lines.error().code == Errc::not_found) {
      // A crash while it was made; ensure_topic starts again. But with records in it the file was lost.
      if (!file_exists(at->path().string() + "/00000")) continue;
    }
    if (!lines) return tl::make_unexpected(lines.error());
    if (lines->size() != 1 || (*lines)[0].size() != 2 || (*lines)[0][0] != "partitions")
      return unreadable(path);
    const auto count = parse_number<std::int32_t>((*lines)[0][1]);
    if (!count || !check_name("topic", name) || !check_partition_count(name, *count)) return unreadable(path);
    auto topic = std::make_unique<Topic>();
    for (std::int32_t p = 0; p < *count; ++p) {
      const auto point = flushed.find({name, p});
      auto log = PartitionLog::open(fmt::format("{}/{:05}", at->path().string(), p),
                                    point == flushed.end() ? FlushedPoint{} : point->second, crash);
      if (!log) return tl::make_unexpected(log.error());
      topic->push_back(std::move(*log));
    }
    topics_.emplace(name, std::move(topic));
  }
  if (error) return fail_errno(all, "list the folder", error.value());
  return {};
}

Result<void> EmbeddedBus::load_stored() {
  const std::string path = folder_ + "/offsets";
  const auto lines = read_checked_lines(path);
  if (!lines && lines.error().code == Errc::not_found) return {};
  if (!lines) return tl::make_unexpected(lines.error());
  bool is_set_back = false;
  for (const auto& words : *lines) {
    if (words.size() != 4) return unreadable(path);
    const auto partition = parse_number<std::int32_t>(words[2]);
    const auto next = parse_number<std::int64_t>(words[3]);
    if (!partition || !next) return unreadable(path);
    const auto range = offsets(words[1], Partition(*partition));
    if (!range) continue;  // the topic is gone
    Offset stored(*next);
    if (stored > range->end) {
      // The machine stopped before the records were flushed. New records take these offsets.
      spdlog::warn("bus: stored offset set back reader={} topic={} partition={} from={} to={}", words[0],
                   words[1], *partition, *next, range->end.value);
      stored = range->end;
      is_set_back = true;
    }
    stored_[{words[0], words[1], *partition}] = stored;
  }
  // At once: the next open could find the log grown past the old offset and take it for a good one.
  return is_set_back ? save_stored() : Result<void>();
}

std::string EmbeddedBus::topic_folder(std::string_view topic) const {
  return fmt::format("{}/topics/{}", folder_, topic);
}

Result<void> EmbeddedBus::ensure_topic(std::string_view topic, std::int32_t partition_count) {
  SLIP_TRY(check_name("topic", topic));
  SLIP_TRY(check_partition_count(topic, partition_count));
  const std::unique_lock lock(topics_mutex_);
  if (const auto at = topics_.find(topic); at != topics_.end()) {
    const auto has = static_cast<std::int32_t>(at->second->size());
    if (has != partition_count) return partition_count_differs(topic, has, partition_count);
    return {};
  }
  const std::string folder = topic_folder(topic);
  SLIP_TRY(make_folders(folder));
  const std::string text = fmt::format("partitions {}\n", partition_count);
  SLIP_TRY(replace_text(folder + "/topic", with_checksum(text), Durability::machine));
  SLIP_TRY(sync_folder(folder_ + "/topics"));
  SLIP_TRY(sync_folder(folder_));
  auto logs = std::make_unique<Topic>();
  for (std::int32_t p = 0; p < partition_count; ++p) {
    logs->push_back(std::make_unique<PartitionLog>(fmt::format("{}/{:05}", folder, p)));
  }
  topics_.emplace(std::string(topic), std::move(logs));
  return {};
}

std::vector<TopicInfo> EmbeddedBus::topics() const {
  const std::shared_lock lock(topics_mutex_);
  std::vector<TopicInfo> out;
  out.reserve(topics_.size());
  for (const auto& [name, topic] : topics_) out.push_back({name, static_cast<std::int32_t>(topic->size())});
  return out;
}

Result<EmbeddedBus::Topic*> EmbeddedBus::find_topic(std::string_view topic) const {
  const std::shared_lock lock(topics_mutex_);
  const auto at = topics_.find(topic);
  if (at == topics_.end()) return no_such_topic(topic);
  return at->second.get();
}

Result<PartitionLog*> EmbeddedBus::find_log(std::string_view topic, Partition partition) const {
  const auto logs = find_topic(topic);
  if (!logs) return tl::make_unexpected(logs.error());
  const auto number = static_cast<std::size_t>(partition.value);
  if (number >= (*logs)->size()) return no_such_partition(topic, partition);
  return (**logs)[number].get();
}

Result<void> EmbeddedBus::append(std::string_view topic, std::span<const OutRecord> records) {
  const auto logs = find_topic(topic);
  if (!logs) return tl::make_unexpected(logs.error());
  SLIP_TRY(check_sizes(topic, records));
  const Grouped grouped(records, static_cast<std::int32_t>((*logs)->size()));
  for (std::size_t p = 0; p < (*logs)->size(); ++p) {
    if (!grouped.of(p).empty()) SLIP_TRY((**logs)[p]->append(grouped.of(p)));
  }
  appended_.announce();
  return {};
}

Result<FetchResult> EmbeddedBus::fetch(std::string_view topic, Partition partition, Offset offset,
                                       std::size_t bytes_max) {
  const auto log = find_log(topic, partition);
  if (!log) return tl::make_unexpected(log.error());
  return (*log)->fetch(offset, bytes_max);
}

Result<OffsetRange> EmbeddedBus::offsets(std::string_view topic, Partition partition) const {
  const auto log = find_log(topic, partition);
  if (!log) return tl::make_unexpected(log.error());
  return (*log)->range();
}

Result<void> EmbeddedBus::flush() {
  const std::scoped_lock flushing(flush_mutex_);
  std::vector<PartitionLog*> logs;
  {
    const std::shared_lock lock(topics_mutex_);
    for (const auto& [name, topic] : topics_) {
      for (const auto& log : *topic) logs.push_back(log.get());
    }
  }
  bool has_written = false;
  for (PartitionLog* log : logs) {
    const auto written = log->flush();
    if (!written) return tl::make_unexpected(written.error());
    has_written = has_written || *written;
  }
  return has_written ? save_flushed() : Result<void>();
}

Result<void> EmbeddedBus::save_flushed() {
  std::string text;
  {
    const std::shared_lock lock(topics_mutex_);
    for (const auto& [name, topic] : topics_) {
      for (std::size_t p = 0; p < topic->size(); ++p) {
        const FlushedPoint point = (*topic)[p]->flushed();
        if (point.position > 0) {
          text += fmt::format("{} {} {} {}\n", name, p, point.base_offset, point.position);
        }
      }
    }
  }
  // Not made to survive the machine: an older one, or none, is as right, it only knows less.
  return replace_text(folder_ + "/flushed", with_checksum(std::move(text)), Durability::process);
}

Result<void> EmbeddedBus::store_offset(std::string_view reader, std::string_view topic, Partition partition,
                                       Offset next) {
  SLIP_TRY(check_name("reader", reader));
  SLIP_TRY(check_stored_offset(reader, next));
  SLIP_TRY(offsets(topic, partition));
  const std::scoped_lock lock(stored_mutex_);
  const auto [at, is_new] =
      stored_.try_emplace({std::string(reader), std::string(topic), partition.value}, next);
  const Offset before = std::exchange(at->second, next);
  if (!is_new && before == next) return {};
  auto saved = save_stored();
  if (!saved && is_new) stored_.erase(at);
  if (!saved && !is_new) at->second = before;
  return saved;
}

Result<void> EmbeddedBus::save_stored() {
  std::string text;
  for (const auto& [name, next] : stored_) {
    text += fmt::format("{} {} {} {}\n", std::get<0>(name), std::get<1>(name), std::get<2>(name), next.value);
  }
  return replace_text(folder_ + "/offsets", with_checksum(std::move(text)), Durability::machine);
}

Result<std::optional<Offset>> EmbeddedBus::stored_offset(std::string_view reader, std::string_view topic,
                                                         Partition partition) const {
  SLIP_TRY(offsets(topic, partition));
  const std::scoped_lock lock(stored_mutex_);
  const auto at = stored_.find({std::string(reader), std::string(topic), partition.value});
  if (at == stored_.end()) return std::optional<Offset>();
  return std::optional(at->second);
}

}  // namespace slipstream::bus
