// Bytes of a segment file: its header, the frames of its records, and the scan that finds out how much of a
// file is good. Described in docs/bus-format.md. Pure; safe from any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "bus/bus.h"

namespace slipstream::bus {

inline constexpr std::size_t segment_header_size = 20;
inline constexpr std::size_t frame_header_size = 20;
// A fetch walks at most this far (and one record) from an index entry to the record it wants.
inline constexpr std::int64_t index_step_bytes = 64 << 10;

std::string segment_header(std::int64_t base_offset);

// Size of the record's body: what limits::record_bytes_max is about.
std::size_t body_size(const OutRecord& record);
inline std::size_t frame_size(const OutRecord& record) { return frame_header_size + body_size(record); }

// Appends the record's frame to `out`. The body must not be over limits::record_bytes_max.
void encode_frame(std::string& out, const OutRecord& record, std::int64_t offset);

// Reads a body; `out` (offset aside) gets views into it. False if the lengths in it do not add up.
bool decode_body(std::string_view body, InRecord& out);

enum class FrameState {
  whole,
  cut,      // the bytes end inside the frame; all of it that is there may be good
  damaged,  // a checksum or a length is wrong
};

struct FrameRead {
  FrameState state = FrameState::damaged;
  std::size_t size = 0;     // of the frame; whole: its bytes; cut: at least so many are needed
  std::string_view body;    // of a whole frame
  std::string_view reason;  // of a damaged one
};

enum class BodyCheck { checksum, none };

// Reads the frame at the start of `bytes`, which must be that of the record `offset`.
FrameRead read_frame(std::string_view bytes, std::int64_t offset, BodyCheck check);

// Where some records of a segment begin: the first one, and then one after each index_step_bytes.
struct IndexEntry {
  std::int64_t offset = 0;
  std::int64_t position = 0;  // in the file
};

class SparseIndex {
 public:
  void add(IndexEntry entry) {
    if (entries_.empty() || entry.position >= entries_.back().position + index_step_bytes) {
      entries_.push_back(entry);
    }
  }
  // The last entry at or before `offset`. There must be one.
  IndexEntry find(std::int64_t offset) const;

 private:
  std::vector<IndexEntry> entries_;
};

// State of a scan over a segment's bytes, which may come in pieces.
struct SegmentScan {
  std::int64_t base_offset = 0;
  std::int64_t next_offset = 0;          // of the record after the last whole one
  std::int64_t position = 0;             // everything before it is good
  FrameState state = FrameState::whole;  // of what stands at `position`; whole: nothing does
  std::size_t wanted = 0;                // cut: bytes from `position` that are needed to go on
  std::string_view reason;               // damaged: why
  SparseIndex index;
};

SegmentScan start_scan(std::int64_t base_offset);

// Goes on with `bytes`, which start at scan.position. After a piece that ends inside a frame the state is
// `cut`; call again with bytes from the new position on, or take it as the end.
void scan_more(SegmentScan& scan, std::string_view bytes);

}  // namespace slipstream::bus
