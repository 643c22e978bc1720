#include "bus/partition_log.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <algorithm>
#include <charconv>
#include <filesystem>
#include <system_error>
#include <utility>

#include "bus/rules.h"
#include "core/limits.h"

namespace slipstream::bus {
namespace {

constexpr std::string_view segment_suffix = ".seg";
constexpr std::size_t segment_digits = 20;
constexpr std::size_t scan_piece_bytes = 4u << 20;  // at least two of the largest records
constexpr std::size_t pending_kept_bytes = 4u << 20;

std::optional<std::int64_t> base_offset_of(const std::string& name) {
  if (name.size() != segment_digits + segment_suffix.size() || !name.ends_with(segment_suffix)) return {};
  std::int64_t offset = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + segment_digits, offset);
  if (error != std::errc() || end != name.data() + segment_digits || offset < 0) return {};
  return offset;
}

tl::unexpected<Error> damage(const std::string& path, const SegmentScan& scan) {
  const std::string_view reason =
      scan.state == FrameState::damaged ? scan.reason : "the file ends inside a record";
  return fail(Errc::malformed,
              fmt::format("{} byte {} (offset {}): {}", path, scan.position, scan.next_offset, reason));
}

// Scans the first `size` bytes of the file. The scan's state says how it ended.
Result<SegmentScan> scan_file(const File& file, std::int64_t base_offset, std::int64_t size) {
  SegmentScan scan = start_scan(base_offset);
  std::vector<char> buffer(std::min(static_cast<std::size_t>(size), scan_piece_bytes));
  std::int64_t read_end = 0;
  while (read_end < size && scan.state != FrameState::damaged) {
    const auto piece = std::min(static_cast<std::size_t>(size - scan.position), buffer.size());
    const auto got = file.read_at(std::span(buffer).first(piece), scan.position);
    if (!got) return tl::make_unexpected(got.error());
    if (*got < piece)
      return fail(Errc::unavailable, fmt::format("{}: became shorter while read", file.path()));
    read_end = scan.position + static_cast<std::int64_t>(piece);
    scan_more(scan, {buffer.data(), piece});
  }
  return scan;
}

// A fetch's way through a segment.
struct Walk {
  IndexEntry at;            // the next frame
  std::int64_t wanted = 0;  // offset of the first record to take
  std::size_t bytes_max = 0;
  std::size_t bytes_taken = 0;
  std::vector<InRecord> records;
};

// Skips to the wanted record in `bytes`, which start at walk.at, and takes records while they fit.
// Returns the frame that it stopped at.
FrameRead take_records(std::string_view bytes, Walk& walk) {
  for (;;) {
    const bool is_wanted = walk.at.offset >= walk.wanted;
    FrameRead frame = read_frame(bytes, walk.at.offset, is_wanted ? BodyCheck::checksum : BodyCheck::none);
    if (frame.state != FrameState::whole) return frame;
    if (is_wanted) {
      if (!walk.records.empty() && walk.bytes_taken + frame.size > walk.bytes_max) return frame;
      InRecord record;
      record.offset = Offset(walk.at.offset);
      if (!decode_body(frame.body, record)) {
        return {FrameState::damaged, 0, {}, "the lengths in the record do not add up"};
      }
      walk.records.push_back(std::move(record));
      walk.bytes_taken += frame.size;
    }
    ++walk.at.offset;
    walk.at.position += static_cast<std::int64_t>(frame.size);
    bytes.remove_prefix(frame.size);
  }
}

}  // namespace

std::string PartitionLog::path_of(std::int64_t base_offset) const {
  return fmt::format("{}/{:020}{}", folder_, base_offset, segment_suffix);
}

Result<std::unique_ptr<PartitionLog>> PartitionLog::open(std::string folder, FlushedPoint flushed,
                                                         LastCrash crash) {
  auto log = std::make_unique<PartitionLog>(std::move(folder));
  log->flushed_ = flushed;
  SLIP_TRY(log->find_segments());
  SLIP_TRY(log->recover(crash));
  return log;
}

Result<void> PartitionLog::find_segments() {
  if (!file_exists(folder_)) return {};
  std::error_code error;
  for (std::filesystem::directory_iterator at(folder_, error), end; !error && at != end;
       at.increment(error)) {
    const auto base_offset = base_offset_of(at->path().filename().string());
    if (!base_offset) continue;
    const auto size = at->file_size(error);
    if (!error) segments_.push_back({*base_offset, static_cast<std::int64_t>(size), {}});
  }
  if (error) return fail_errno(folder_, "list the folder", error.value());
  std::ranges::sort(segments_, {}, &Segment::base_offset);
  return {};
}

// Only the last segment can have a torn end: a segment is flushed before the next one is begun.
Result<void> PartitionLog::recover(LastCrash crash) {
  if (segments_.empty() ? flushed_.position > 0 : segments_.back().base_offset < flushed_.base_offset) {
    return fail(Errc::malformed,
                fmt::format("{}: the segment file is missing", path_of(flushed_.base_offset)));
  }
  if (segments_.empty()) return {};
  Segment& last = segments_.back();
  if (last.base_offset > flushed_.base_offset) flushed_ = {last.base_offset, 0};
  has_new_files_ = true;
  const auto file = File::open(path_of(last.base_offset), O_RDWR);
  if (!file) return tl::make_unexpected(file.error());
  auto scan = scan_file(*file, last.base_offset, last.size);
  if (!scan) return tl::make_unexpected(scan.error());
  if (scan->state != FrameState::whole || scan->position < flushed_.position) {
    SLIP_TRY(cut_tail(*file, *scan, last.size, crash));
  }
  last.size = scan->position;
  last.index = std::move(scan->index);
  end_offset_ = scan->next_offset;
  return {};
}

Result<void> PartitionLog::cut_tail(const File& file, const SegmentScan& scan, std::int64_t size,
                                    LastCrash crash) {
  if (scan.position < flushed_.position) {
    if (scan.state == FrameState::damaged) return damage(file.path(), scan);
    return fail(Errc::malformed,
                fmt::format("{} byte {} (offset {}): the file ends here, but {} bytes were flushed",
                            file.path(), scan.position, scan.next_offset, flushed_.position));
  }
  // A killed process leaves a piece of a good record. Anything else must not be cut off with what follows it.
  if (scan.state == FrameState::damaged && crash == LastCrash::process) return damage(file.path(), scan);
  spdlog::warn("bus: cut off a torn end file={} byte={} next_offset={} bytes_cut={}", file.path(),
               scan.position, scan.next_offset, size - scan.position);
  SLIP_TRY(file.truncate(scan.position));
  return file.sync();
}

OffsetRange PartitionLog::range_locked() const {
  const std::int64_t begin = segments_.empty() ? 0 : segments_.front().base_offset;
  return {Offset(begin), Offset(end_offset_)};
}

OffsetRange PartitionLog::range() const {
  const std::scoped_lock lock(mutex_);
  return range_locked();
}

FlushedPoint PartitionLog::flushed() const {
  const std::scoped_lock lock(mutex_);
  return flushed_;
}

Result<void> PartitionLog::open_active() {
  if (active_) return {};
  if (segments_.empty()) return start_segment();
  auto file = File::open(path_of(segments_.back().base_offset), O_RDWR);
  if (!file) return tl::make_unexpected(file.error());
  active_ = std::make_shared<const File>(std::move(*file));
  return {};
}

Result<void> PartitionLog::start_segment() {
  if (segments_.empty()) SLIP_TRY(make_folders(folder_));
  auto file = File::open(path_of(end_offset_), O_RDWR | O_CREAT | O_EXCL);
  if (!file) return tl::make_unexpected(file.error());
  active_ = std::make_shared<const File>(std::move(*file));
  segments_.push_back({end_offset_, 0, SparseIndex()});
  has_new_files_ = true;
  flushed_ = {end_offset_, 0};
  return {};
}

// After this the state of the files is not known well enough to write on; opening the log again finds out.
Result<void> PartitionLog::give_up(Error error) {
  broken_ = error.message;
  return tl::make_unexpected(std::move(error));
}

Result<void> PartitionLog::write_pending() {
  if (pending_.empty()) return {};
  Segment& last = segments_.back();
  if (auto written = active_->write_at(pending_, last.size); !written) {
    if (auto cut = active_->truncate(last.size); !cut) return give_up(std::move(cut.error()));
    return written;
  }
  for (const IndexEntry& entry : pending_entries_) last.index->add(entry);
  last.size += static_cast<std::int64_t>(pending_.size());
  pending_.clear();
  return {};
}

Result<void> PartitionLog::append(std::span<const OutRecord* const> records) {
  const std::scoped_lock lock(mutex_);
  if (!broken_.empty()) {
    return fail(Errc::unavailable, fmt::format("{}: closed for writing after: {}", folder_, broken_));
  }
  SLIP_TRY(open_active());
  pending_.clear();
  pending_entries_.clear();
  std::int64_t next_offset = end_offset_;
  const auto write = [&]() -> Result<void> {
    SLIP_TRY(write_pending());
    pending_entries_.clear();
    end_offset_ = next_offset;
    return {};
  };
  for (const OutRecord* record : records) {
    const std::size_t filled = static_cast<std::size_t>(segments_.back().size) + pending_.size();
    if (filled > segment_header_size && filled + frame_size(*record) > limits::segment_bytes_max) {
      SLIP_TRY(write());
      if (auto synced = active_->sync(); !synced) return give_up(std::move(synced.error()));
      SLIP_TRY(start_segment());
    }
    const Segment& last = segments_.back();
    if (last.size == 0 && pending_.empty()) pending_ = segment_header(last.base_offset);
    pending_entries_.push_back({next_offset, last.size + static_cast<std::int64_t>(pending_.size())});
    encode_frame(pending_, *record, next_offset++);
  }
  SLIP_TRY(write());
  if (pending_.capacity() > pending_kept_bytes) pending_ = std::string();
  return {};
}

Result<bool> PartitionLog::flush() {
  std::unique_lock lock(mutex_);
  if (segments_.empty()) return false;
  const FlushedPoint point{segments_.back().base_offset, segments_.back().size};
  if (point == flushed_) return false;
  SLIP_TRY(open_active());
  const std::shared_ptr<const File> file = active_;
  const bool has_new_files = std::exchange(has_new_files_, false);
  lock.unlock();  // appends and fetches go on while the disk works
  Result<void> synced = file->sync();
  if (synced && has_new_files) synced = sync_folder(folder_);
  if (synced && has_new_files) synced = sync_folder(std::filesystem::path(folder_).parent_path().string());
  lock.lock();
  if (!synced) {
    // The kernel reports a failed write once and may forget the bytes, so trying again proves nothing.
    (void)give_up(synced.error());
    return tl::make_unexpected(std::move(synced.error()));
  }
  // A new segment may have begun meanwhile; it has its own point then.
  if (point.base_offset == flushed_.base_offset) flushed_ = point;
  return true;
}

Result<void> PartitionLog::index_segment(std::size_t number) {
  std::unique_lock lock(mutex_);
  if (segments_[number].index) return {};
  const std::int64_t base_offset = segments_[number].base_offset;
  const std::int64_t size = segments_[number].size;
  const std::int64_t next_base_offset = segments_[number + 1].base_offset;
  lock.unlock();  // the segment is finished: nothing of it changes but the index
  const auto file = File::open(path_of(base_offset), O_RDONLY);
  if (!file) return tl::make_unexpected(file.error());
  auto scan = scan_file(*file, base_offset, size);
  if (!scan) return tl::make_unexpected(scan.error());
  if (scan->state != FrameState::whole) return damage(file->path(), *scan);
  if (scan->next_offset != next_base_offset) {
    return fail(Errc::malformed, fmt::format("{}: ends before offset {}, but the next segment begins at {}",
                                             file->path(), scan->next_offset, next_base_offset));
  }
  lock.lock();
  segments_[number].index = std::move(scan->index);
  return {};
}

// `offset` is in begin..end, but not end.
Result<PartitionLog::Place> PartitionLog::locate(std::int64_t offset) {
  std::unique_lock lock(mutex_);
  const auto after = std::ranges::upper_bound(segments_, offset, {}, &Segment::base_offset);
  const auto number = static_cast<std::size_t>(after - segments_.begin()) - 1;
  if (!segments_[number].index) {
    lock.unlock();
    SLIP_TRY(index_segment(number));
    lock.lock();
  }
  const Segment& segment = segments_[number];
  Place place{nullptr, segment.index->find(offset), segment.size};
  if (number + 1 == segments_.size()) place.file = active_;
  const std::string path = path_of(segment.base_offset);
  lock.unlock();
  if (!place.file) {
    auto file = File::open(path, O_RDONLY);
    if (!file) return tl::make_unexpected(file.error());
    place.file = std::make_shared<const File>(std::move(*file));
  }
  return place;
}

Result<FetchResult> PartitionLog::fetch(Offset offset, std::size_t bytes_max) {
  const OffsetRange kept = range();
  if (offset < kept.begin || offset > kept.end) return outside(folder_, offset, kept);
  if (offset == kept.end) return FetchResult{};
  const auto place = locate(offset.value);
  if (!place) return tl::make_unexpected(place.error());

  const File& file = *place->file;
  Walk walk{place->entry, offset.value, bytes_max, 0, {}};
  std::size_t piece = std::min(bytes_max, limits::segment_bytes_max) + index_step_bytes;
  FetchResult result;
  while (walk.records.empty()) {
    const auto left = static_cast<std::size_t>(place->limit - walk.at.position);
    const std::size_t size = std::min(piece, left);
    const auto buffer = std::make_shared_for_overwrite<char[]>(size);
    const auto got = file.read_at({buffer.get(), size}, walk.at.position);
    if (!got) return tl::make_unexpected(got.error());
    const FrameRead stop = take_records({buffer.get(), *got}, walk);
    if (!walk.records.empty()) {
      result.storage = buffer;
      break;
    }
    const auto left_now = static_cast<std::size_t>(place->limit - walk.at.position);
    if (*got < size || stop.state == FrameState::damaged || stop.size > left_now) {
      const std::string_view reason = stop.reason.empty() ? "the file ends inside the record" : stop.reason;
      return fail(Errc::malformed, fmt::format("{} byte {} (offset {}): {}", file.path(), walk.at.position,
                                               walk.at.offset, reason));
    }
    piece = std::max(piece, stop.size);
  }
  result.records = std::move(walk.records);
  return result;
}

}  // namespace slipstream::bus
