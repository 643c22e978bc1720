#include "feed/byte_reader.h"

#include <sys/stat.h>

#include "feed/source_test_support.h"

namespace slipstream::feed {
namespace {

using test::gzip;

struct ReadBack {
  std::string bytes;
  std::string cut_reason;
};

ReadBack read_all(const std::string& path, std::size_t chunk_bytes = 1000) {
  ReadBack back;
  auto reader = ByteReader::open(path);
  EXPECT_TRUE(reader);
  std::string chunk(chunk_bytes, '\0');
  for (;;) {
    const auto count = reader->read(chunk.data(), chunk.size());
    EXPECT_TRUE(count);
    if (!count || *count == 0) break;
    back.bytes.append(chunk, 0, *count);
  }
  back.cut_reason = reader->cut_reason();
  if (back.cut_reason.empty()) {
    EXPECT_EQ(reader->bytes_read(), reader->bytes_total());
  }
  return back;
}

std::string long_text() {
  std::string text;
  for (int i = 0; i < 30'000; ++i) text += std::to_string(i * 7919 % 10'007);
  return text;
}

TEST(ByteReader, ReadsPlainAndPackedFilesAlike) {
  const test::TempFolder folder;
  const std::string text = long_text();
  EXPECT_EQ(read_all(folder.write("plain", text)).bytes, text);
  EXPECT_EQ(read_all(folder.write("packed", gzip(text))).bytes, text);
  EXPECT_EQ(read_all(folder.write("empty", "")).bytes, "");
  EXPECT_EQ(read_all(folder.write("one_byte", "\x1f")).bytes, "\x1f");
}

TEST(ByteReader, ReadsGzipFilesThatWereJoined) {
  const test::TempFolder folder;
  const auto back = read_all(folder.write("joined.gz", gzip("first ") + gzip("") + gzip(long_text())));
  EXPECT_EQ(back.bytes, "first " + long_text());
  EXPECT_EQ(back.cut_reason, "");
}

TEST(ByteReader, ReadsACutGzipUpToTheCut) {
  const test::TempFolder folder;
  const std::string text = long_text(), packed = gzip(text);
  const auto back = read_all(folder.write("cut.gz", packed.substr(0, packed.size() / 2)));
  EXPECT_GT(back.bytes.size(), text.size() / 4);
  EXPECT_TRUE(text.starts_with(back.bytes));
  EXPECT_EQ(back.cut_reason, "the gzip data is cut off");
  EXPECT_EQ(read_all(folder.write("no_checksum.gz", packed.substr(0, packed.size() - 1))).bytes, text);
  EXPECT_EQ(read_all(folder.write("magic_only.gz", packed.substr(0, 2))).cut_reason,
            "the gzip data is cut off");
}

TEST(ByteReader, SaysWhenOtherBytesFollowBehindGzip) {
  const test::TempFolder folder;
  for (const char* tail : {"tail", "\x1f\x42"}) {
    const auto back = read_all(folder.write("tail.gz", gzip("text") + tail));
    EXPECT_EQ(back.bytes, "text");
    EXPECT_EQ(back.cut_reason, "bytes that are not gzip follow behind the gzip data");
  }
}

TEST(ByteReader, SaysWhenGzipDataIsDamaged) {
  const test::TempFolder folder;
  std::string packed = gzip(long_text());
  for (std::size_t i = packed.size() / 2; i < packed.size() / 2 + 20; ++i) packed[i] = '\xFF';
  const auto back = read_all(folder.write("damaged.gz", packed));
  EXPECT_TRUE(back.cut_reason.starts_with("the gzip data is damaged (")) << back.cut_reason;
}

TEST(ByteReader, TellsWhatIsNoFile) {
  const test::TempFolder folder;
  const std::string missing = (folder.path() / "missing").string();
  EXPECT_EQ(ByteReader::open(missing).error().code, Errc::not_found);
  EXPECT_EQ(ByteReader::open(missing).error().message, missing + ": no such file");
  EXPECT_EQ(ByteReader::open(folder.path().string()).error().code, Errc::malformed);
  const std::string pipe = (folder.path() / "pipe").string();
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_EQ(ByteReader::open(pipe).error().code, Errc::malformed);  // and does not wait for a writer
}

}  // namespace
}  // namespace slipstream::feed
