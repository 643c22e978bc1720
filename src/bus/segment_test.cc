#include "bus/segment.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "bus/test_support.h"
#include "core/limits.h"

namespace slipstream::bus {
namespace {

std::string segment_of(std::int64_t base_offset, const std::vector<OwnRecord>& records) {
  std::string bytes = segment_header(base_offset);
  for (const OutRecord& record : views_of(records)) encode_frame(bytes, record, base_offset++);
  return bytes;
}

SegmentScan scan_of(std::string_view bytes, std::int64_t base_offset) {
  SegmentScan scan = start_scan(base_offset);
  scan_more(scan, bytes);
  return scan;
}

// The bytes of docs/bus-format.md, so that a change of the format is noticed.
TEST(Segment, HasTheBytesOfTheDocument) {
  const Headers headers = {{"h", "x"}};
  const std::string bytes = segment_of(7, {{"NOR", "{}", 1'700'000'000'000, headers}});
  const std::string_view expected(
      "slipseg1\x07\0\0\0\0\0\0\0\xbb\x1c\xac\x07"
      "\x23\0\0\0\x4d\x19\xe0\x5f\x07\0\0\0\0\0\0\0\x6a\x20\x7c\x7d"
      "\0\x68\xe5\xcf\x8b\x01\0\0\x03\0\0\0\x02\0\0\0\x01\0\0\0"
      "NOR{}\x01\0\0\0\x01\0\0\0hx",
      segment_header_size + frame_header_size + 35);
  EXPECT_EQ(bytes, expected);
}

RC_GTEST_PROP(Segment, GivesRecordsBackAsTheyWere,
              (const std::string& key, const std::string& value, std::int64_t timestamp_ms,
               const Headers& headers)) {
  const OwnRecord record{key, value, timestamp_ms, headers};
  std::string bytes;
  encode_frame(bytes, views_of({record})[0], 5);
  const FrameRead frame = read_frame(bytes, 5, BodyCheck::checksum);
  RC_ASSERT(frame.state == FrameState::whole);
  RC_ASSERT(frame.size == bytes.size());
  InRecord back;
  RC_ASSERT(decode_body(frame.body, back));
  RC_ASSERT(own(back) == record);
}

TEST(Segment, ScanTakesOneFileInPiecesAsAWhole) {
  std::vector<OwnRecord> records;
  records.reserve(400);
  for (std::size_t i = 0; i < 400; ++i) records.push_back({"k", std::string(i * 7, 'v'), 0, {}});
  const std::string bytes = segment_of(100, records);
  for (const std::size_t piece_size : {1u, 19u, 5000u, 70'000u}) {
    SegmentScan scan = start_scan(100);
    std::size_t need = piece_size;
    while (static_cast<std::size_t>(scan.position) < bytes.size()) {
      scan_more(scan, std::string_view(bytes).substr(static_cast<std::size_t>(scan.position), need));
      ASSERT_NE(scan.state, FrameState::damaged) << scan.reason;
      need = scan.state == FrameState::cut ? std::max(piece_size, scan.wanted) : piece_size;
    }
    EXPECT_EQ(scan.state, FrameState::whole);
    EXPECT_EQ(scan.next_offset, 500);
    EXPECT_EQ(scan.index.find(100).position, static_cast<std::int64_t>(segment_header_size));
    const IndexEntry last = scan.index.find(499);
    EXPECT_GT(last.offset, 400);
    EXPECT_EQ(read_frame(std::string_view(bytes).substr(static_cast<std::size_t>(last.position)), last.offset,
                         BodyCheck::checksum)
                  .state,
              FrameState::whole);
  }
}

TEST(Segment, ScanStopsAtTheLastWholeRecordWhereverTheFileEnds) {
  const std::string bytes = segment_of(0, {{"a", "first", 1, {}}, {"b", "second", 2, {{"h", "x"}}}});
  const std::string first = segment_of(0, {{"a", "first", 1, {}}});
  for (std::size_t size = 0; size <= bytes.size(); ++size) {
    const SegmentScan scan = scan_of(std::string_view(bytes).substr(0, size), 0);
    const std::size_t good = size == bytes.size()          ? size
                             : size >= first.size()        ? first.size()
                             : size >= segment_header_size ? segment_header_size
                                                           : 0;
    EXPECT_EQ(scan.position, static_cast<std::int64_t>(good)) << size;
    EXPECT_EQ(scan.state, good == size ? FrameState::whole : FrameState::cut) << size;
  }
}

TEST(Segment, ScanFindsEveryFlippedBit) {
  const std::string bytes = segment_of(3, {{"a", "first", 1, {}}, {"b", "second", 2, {{"h", "x"}}}});
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    std::string bad = bytes;
    bad[bit / 8] = static_cast<char>(bad[bit / 8] ^ (1 << (bit % 8)));
    const SegmentScan scan = scan_of(bad, 3);
    EXPECT_EQ(scan.state, FrameState::damaged) << bit;
    EXPECT_FALSE(scan.reason.empty());
  }
}

TEST(Segment, ScanRefusesTheSegmentOfAnotherOffset) {
  const std::string bytes = segment_of(3, {{"a", "first", 1, {}}});
  EXPECT_EQ(scan_of(bytes, 4).state, FrameState::damaged);
  EXPECT_EQ(scan_of("not a segment at all, whatever it is", 0).state, FrameState::damaged);
  EXPECT_EQ(scan_of(std::string(4096, '\0'), 0).state, FrameState::damaged);
}

TEST(Segment, ScanRefusesLengthsThatDoNotAddUpUnderAGoodChecksum) {
  // A body of 21 bytes that claims 2^32 - 1 headers: must not take memory for them.
  std::string frame;
  encode_frame(frame, {"", "v", 0, {}}, 0);
  std::string body = frame.substr(frame_header_size);
  body.replace(16, 4, "\xff\xff\xff\xff");
  InRecord record;
  EXPECT_FALSE(decode_body(body, record));
  body.replace(8, 4, "\xff\xff\xff\xff");
  EXPECT_FALSE(decode_body(body, record));
  EXPECT_FALSE(decode_body("", record));
}

}  // namespace
}  // namespace slipstream::bus
