// What only the bus in a folder has: it stays, it is locked, and it tells damage from a torn end.
#include "bus/embedded_bus.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <algorithm>
#include <csignal>
#include <filesystem>

#include "bus/segment.h"
#include "bus/test_support.h"
#include "core/limits.h"

namespace slipstream::bus {
namespace {

std::vector<OwnRecord> numbered(int first, int count, std::size_t padding = 0) {
  std::vector<OwnRecord> out;
  for (int i = first; i < first + count; ++i) {
    out.push_back(
        {"key" + std::to_string(i % 7), std::to_string(i) + std::string(padding, '.'), i, {{"h", "x"}}});
  }
  return out;
}

// A log with one topic "t" of one partition that holds `records`; closed again.
void fill(const std::string& folder, const std::vector<OwnRecord>& records, bool flush = false) {
  const auto bus = must_open(folder);
  ASSERT_TRUE(bus->ensure_topic("t", 1));
  ASSERT_TRUE(append(*bus, "t", records));
  if (flush) {
    ASSERT_TRUE(bus->flush());
  }
}

Error error_of_open(const std::string& folder) {
  const auto bus = open_embedded_bus(folder);
  return bus ? Error{Errc::not_found, "opened without an error"} : bus.error();
}

void expect_in(const std::string& text, const std::string& part) {
  EXPECT_NE(text.find(part), std::string::npos) << text << "\nhas no " << part;
}

// As if the machine had been restarted since the last writer.
void forget_boot(const std::string& folder) { write_file(folder + "/boot", "boot of yesterday\n"); }

TEST(EmbeddedBus, KeepsEverythingWhenItIsOpenedAgain) {
  const ScratchFolder folder;
  std::string identity;
  {
    const auto bus = must_open(folder.path());
    identity = bus->identity();
    ASSERT_TRUE(bus->ensure_topic("t", 4));
    ASSERT_TRUE(bus->ensure_topic("empty", 2));
    ASSERT_TRUE(append(*bus, "t", numbered(0, 50)));
    ASSERT_TRUE(bus->store_offset("sink", "t", Partition(2), Offset(3)));
  }
  for (int round = 1; round < 4; ++round) {
    const auto bus = must_open(folder.path());
    EXPECT_EQ(bus->identity(), identity);
    EXPECT_EQ(bus->topics().size(), 2u);
    EXPECT_EQ(bus->ensure_topic("t", 5).error().code, Errc::conflict);
    EXPECT_EQ(*bus->stored_offset("sink", "t", Partition(2)), std::optional(Offset(3)));
    std::vector<OwnRecord> all;
    for (std::int32_t p = 0; p < 4; ++p) {
      for (OwnRecord& record : read_all(*bus, "t", Partition(p))) all.push_back(std::move(record));
    }
    std::ranges::sort(all, {}, &OwnRecord::timestamp_ms);
    EXPECT_EQ(all, numbered(0, 50 * round));
    ASSERT_TRUE(append(*bus, "t", numbered(50 * round, 50)));
    if (round == 2) {
      ASSERT_TRUE(bus->flush());
    }
  }
}

TEST(EmbeddedBus, GoesOnInANewSegmentWhenOneIsFull) {
  const ScratchFolder folder;
  constexpr std::size_t value_size = 1'000'000;
  constexpr int count = 140;  // a bit over two segments
  {
    const auto bus = must_open(folder.path());
    ASSERT_TRUE(bus->ensure_topic("t", 1));
    for (int i = 0; i < count; i += 10) ASSERT_TRUE(append(*bus, "t", numbered(i, 10, value_size)));
    EXPECT_EQ(read_all(*bus, "t", Partition(0), 4 << 20).size(), static_cast<std::size_t>(count));
    ASSERT_TRUE(bus->flush());
  }
  const auto partition = std::filesystem::path(segment_path(folder.path(), "t", 0)).parent_path();
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(partition)) {
    EXPECT_LE(entry.file_size(), limits::segment_bytes_max);
    files.push_back(entry.path().filename());
  }
  std::ranges::sort(files);
  EXPECT_EQ(files, (std::vector<std::string>{"00000000000000000000.seg", "00000000000000000067.seg",
                                             "00000000000000000134.seg"}));
  const auto bus = must_open(folder.path());
  for (const std::int64_t offset : {0, 66, 67, 68, 133, 134, 139}) {
    const auto got = bus->fetch("t", Partition(0), Offset(offset), 1);
    ASSERT_TRUE(got) << got.error().message;
    EXPECT_EQ(got->records.at(0).timestamp_ms, offset);
  }
  // A finished segment is read when it is needed; damage in it is found then and named.
  std::string bytes = read_file(partition / files[0]);
  bytes[2'500'000] ^= 1;
  write_file(partition / files[0], bytes);
  EXPECT_TRUE(bus->fetch("t", Partition(0), Offset(1), 1));
  const auto bad = bus->fetch("t", Partition(0), Offset(2), 1);
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().code, Errc::malformed);
  expect_in(bad.error().message, files[0] + " byte 2000");
  expect_in(bad.error().message, "(offset 2)");
  EXPECT_TRUE(bus->fetch("t", Partition(0), Offset(3), 1));
}

TEST(EmbeddedBus, LosesOnlyTheTornRecordWhereverTheFileWasCut) {
  const ScratchFolder folder;
  const std::vector<OwnRecord> records = numbered(0, 3);
  fill(folder.path(), records);
  const std::string path = segment_path(folder.path(), "t", 0);
  const std::string bytes = read_file(path);
  std::vector<std::size_t> ends = {segment_header_size};
  for (const OutRecord& record : views_of(records)) ends.push_back(ends.back() + frame_size(record));
  ASSERT_EQ(ends.back(), bytes.size());
  for (std::size_t size = 0; size <= bytes.size(); ++size) {
    write_file(path, std::string_view(bytes).substr(0, size));
    const auto whole = std::ranges::upper_bound(ends, size) - ends.begin() - 1;  // -1: not even the header
    const std::vector<OwnRecord> kept(records.begin(), records.begin() + std::max<std::ptrdiff_t>(whole, 0));
    {
      const auto bus = must_open(folder.path());
      ASSERT_EQ(read_all(*bus, "t", Partition(0)), kept) << "cut to " << size;
      ASSERT_TRUE(append(*bus, "t", {{"after", "the cut", 0, {}}}));
    }
    const auto again = read_all(*must_open(folder.path()), "t", Partition(0));
    ASSERT_EQ(again.size(), kept.size() + 1) << "cut to " << size;
    ASSERT_EQ(again.back().value, "the cut");
  }
}

TEST(EmbeddedBus, NamesFileAndOffsetOfAFlippedByte) {
  const ScratchFolder folder;
  fill(folder.path(), numbered(0, 5));
  const std::string path = segment_path(folder.path(), "t", 0);
  const std::string bytes = read_file(path);
  const std::size_t second = segment_header_size + frame_size(views_of(numbered(0, 1))[0]);
  // A flipped bit of the length must not make a torn end of it: the good records behind it would go.
  for (const std::size_t at : {second, second + 1, second + 5, second + 8, second + 17, second + 30}) {
    std::string bad = bytes;
    bad[at] ^= 0x10;
    write_file(path, bad);
    const Error error = error_of_open(folder.path());
    EXPECT_EQ(error.code, Errc::malformed) << at;
    expect_in(error.message, path + " byte " + std::to_string(second) + " (offset 1): ");
    EXPECT_EQ(read_file(path), bad) << "a refused file stays as it is";
  }
  write_file(path, bytes);
  EXPECT_EQ(read_all(*must_open(folder.path()), "t", Partition(0)), numbered(0, 5));
}

TEST(EmbeddedBus, CutsWhatAMachineCrashLeftBehindTheFlushedPart) {
  const ScratchFolder folder;
  fill(folder.path(), numbered(0, 5), true);
  fill(folder.path(), numbered(5, 5));
  const std::string path = segment_path(folder.path(), "t", 0);
  std::string bytes = read_file(path);
  const std::size_t record_size = frame_size(views_of(numbered(0, 1))[0]);
  // A page that never reached the disk, in front of one that did.
  bytes.replace(segment_header_size + 6 * record_size + 3, record_size, std::string(record_size, '\0'));
  write_file(path, bytes);
  EXPECT_EQ(error_of_open(folder.path()).code, Errc::malformed) << "the machine still runs: this is no crash";
  forget_boot(folder.path());
  EXPECT_EQ(read_all(*must_open(folder.path()), "t", Partition(0)), numbered(0, 6));
}

TEST(EmbeddedBus, NeverCutsWhatWasFlushed) {
  const ScratchFolder folder;
  fill(folder.path(), numbered(0, 5), true);
  const std::string path = segment_path(folder.path(), "t", 0);
  const std::string bytes = read_file(path);
  for (const bool is_same_boot : {true, false}) {
    if (!is_same_boot) forget_boot(folder.path());
    write_file(path, std::string_view(bytes).substr(0, bytes.size() - 1));
    Error error = error_of_open(folder.path());
    EXPECT_EQ(error.code, Errc::malformed);
    expect_in(error.message, path + " byte ");
    expect_in(error.message, "bytes were flushed");
    std::string bad = bytes;
    bad[bad.size() - 1] ^= 1;
    write_file(path, bad);
    EXPECT_EQ(error_of_open(folder.path()).code, Errc::malformed);
    std::filesystem::remove(path);
    error = error_of_open(folder.path());
    EXPECT_EQ(error.code, Errc::malformed);
    expect_in(error.message, path + ": the segment file is missing");
  }
}

TEST(EmbeddedBus, SetsStoredOffsetsBackToWhatACrashLeft) {
  const ScratchFolder folder;
  fill(folder.path(), numbered(0, 5));
  ASSERT_TRUE(must_open(folder.path())->store_offset("sink", "t", Partition(0), Offset(5)));
  const std::string path = segment_path(folder.path(), "t", 0);
  write_file(path, std::string_view(read_file(path)).substr(0, read_file(path).size() - 1));
  ASSERT_TRUE(append(*must_open(folder.path()), "t", numbered(4, 5)));
  // Also once the log is longer than the old offset: it belonged to a record that is gone.
  EXPECT_EQ(*must_open(folder.path())->stored_offset("sink", "t", Partition(0)), std::optional(Offset(4)));
}

TEST(EmbeddedBus, RefusesASecondWriterAndNamesTheFolder) {
  const ScratchFolder folder;
  const auto first = must_open(folder.path());
  const Error error = error_of_open(folder.path());
  EXPECT_EQ(error.code, Errc::unavailable);
  EXPECT_EQ(error.message, folder.path() + ": the log is in use by another process (pid " +
                               std::to_string(::getpid()) + ")");
}

TEST(EmbeddedBus, SaysInOneLineWhyAFolderCannotBeALog) {
  const ScratchFolder folder;
  const std::string file = folder.path() + "/file";
  write_file(file, "text");
  const std::vector<std::pair<std::string, Errc>> cases = {
      {file, Errc::unavailable},
      {file + "/below", Errc::unavailable},
      {"/proc/slipstream_bus", Errc::unavailable},  // read-only for root, too
      {folder.path(), Errc::malformed},             // holds something else
  };
  for (const auto& [path, code] : cases) {
    const Error error = error_of_open(path);
    EXPECT_EQ(error.code, code) << path;
    EXPECT_EQ(error.message.find(path), 0u) << error.message;
    EXPECT_EQ(error.message.find('\n'), std::string::npos) << error.message;
  }
}

TEST(EmbeddedBus, RefusesAnotherVersionAndDamagedSmallFiles) {
  const ScratchFolder folder;
  fill(folder.path(), numbered(0, 1));
  const std::string meta = folder.path() + "/meta";
  const std::string topic = folder.path() + "/topics/t/topic";
  const std::string good_meta = read_file(meta);
  const std::string good_topic = read_file(topic);
  write_file(meta, "slipstream-bus 2\nsomething new\n");
  EXPECT_EQ(error_of_open(folder.path()).code, Errc::unsupported);
  write_file(meta, good_meta);
  for (const std::string& path : {meta, topic}) {
    for (const std::string& bad : {std::string(), std::string("rubbish"), read_file(path) + "x"}) {
      write_file(path, bad);
      const Error error = error_of_open(folder.path());
      EXPECT_EQ(error.code, Errc::malformed);
      EXPECT_EQ(error.message.find(path), 0u) << error.message;
      write_file(meta, good_meta);
      write_file(topic, good_topic);
    }
  }
  std::filesystem::remove(topic);
  EXPECT_NE(error_of_open(folder.path()).message, "opened without an error");
  write_file(topic, good_topic);
  std::filesystem::remove(meta);
  expect_in(error_of_open(folder.path()).message, "has no file meta");
}

// A file that may not grow is a full disk: the write comes back short, then fails.
TEST(EmbeddedBus, HoldsWhatWasWholeWhenTheDiskIsFullAndGoesOnAfterwards) {
  const ScratchFolder folder;
  const auto bus = must_open(folder.path());
  ASSERT_TRUE(bus->ensure_topic("t", 1));
  ASSERT_TRUE(append(*bus, "t", numbered(0, 10, 1000)));
  const auto size = std::filesystem::file_size(segment_path(folder.path(), "t", 0));

  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit full{size + 5000, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &full), 0);
  const auto appended = append(*bus, "t", numbered(10, 10, 1000));
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
  std::signal(SIGXFSZ, handler);

  ASSERT_FALSE(appended);
  EXPECT_EQ(appended.error().code, Errc::unavailable);
  expect_in(appended.error().message, segment_path(folder.path(), "t", 0) + ": cannot write: File too large");
  EXPECT_EQ(std::filesystem::file_size(segment_path(folder.path(), "t", 0)), size);
  EXPECT_EQ(bus->offsets("t", Partition(0))->end, Offset(10));
  ASSERT_TRUE(append(*bus, "t", numbered(10, 10, 1000)));
  EXPECT_EQ(read_all(*bus, "t", Partition(0)), numbered(0, 20, 1000));
}

TEST(EmbeddedBus, FinishesATopicWhoseMakingWasInterrupted) {
  const ScratchFolder folder;
  fill(folder.path(), numbered(0, 1));
  std::filesystem::create_directories(folder.path() + "/topics/half");
  write_file(folder.path() + "/topics/half/topic.tmp", "parti");
  const auto bus = must_open(folder.path());
  EXPECT_EQ(bus->topics().size(), 1u);
  ASSERT_TRUE(bus->ensure_topic("half", 3));
  EXPECT_EQ(bus->topics().size(), 2u);
}

TEST(EmbeddedBus, ReadsRecordsThatAreLongerThanAStepOfItsIndex) {
  const ScratchFolder folder;
  std::vector<OwnRecord> records;
  records.reserve(60);
  for (int i = 0; i < 60; ++i) {
    records.push_back({"k", std::string(i % 3 == 0 ? 900'000u : 10u, 'v'), i, {}});
  }
  fill(folder.path(), records);
  const auto bus = must_open(folder.path());
  for (std::int64_t offset = 0; offset < 60; ++offset) {
    const auto got = bus->fetch("t", Partition(0), Offset(offset), 100);
    ASSERT_TRUE(got) << got.error().message;
    EXPECT_EQ(got->records.at(0).timestamp_ms, offset);
  }
}

}  // namespace
}  // namespace slipstream::bus
