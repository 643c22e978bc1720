#include "feed/source.h"

#include <gmock/gmock.h>

#include <random>

#include "feed/source_test_support.h"

namespace slipstream::feed {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr std::string_view message = "['Heartbeat', {'_kf': True}, '2025-09-07T13:00:01Z']\n";

class OpenSource : public ::testing::Test {
 protected:
  void refuses(const std::string& path, Errc code, const std::string& text) {
    const auto source = open_source(path);
    ASSERT_FALSE(source) << path;
    EXPECT_EQ(source.error().code, code);
    EXPECT_THAT(source.error().message, StartsWith(path + ": "));
    EXPECT_THAT(source.error().message, HasSubstr(text));
    EXPECT_EQ(source.error().message.find('\n'), std::string::npos);
  }

  test::TempFolder folder_;
};

TEST_F(OpenSource, KnowsARecordingByItsContent) {
  for (const auto& bytes : {std::string(message), test::gzip(message), "\xEF\xBB\xBF" + std::string(message),
                            "connected\n\n" + std::string(message)}) {
    const auto source = open_source(folder_.write("any.name", bytes));
    ASSERT_TRUE(source) << source.error().message;
    EXPECT_EQ((*source)->info().format, "fastf1");
    EXPECT_EQ((*source)->info().kind, SourceKind::recording);
    EXPECT_EQ((*source)->info().name, "any.name");
    EXPECT_EQ((*source)->info().bytes_total, static_cast<std::int64_t>(bytes.size()));
    EXPECT_EQ(test::drain(**source).messages.size(), 1U);
  }
}

TEST_F(OpenSource, SaysWhatItMisses) {
  refuses((folder_.path() / "missing").string(), Errc::not_found, "no such file or folder");
  refuses(folder_.write("file", "x") + "/below", Errc::not_found, "no such file or folder");
  refuses(folder_.path().string(), Errc::malformed, "no <Topic>.jsonStream in this folder or below");
  refuses(folder_.write("empty", ""), Errc::malformed, "the file is empty");
  refuses(folder_.write("empty.gz", test::gzip("")), Errc::malformed, "nothing in it can be unpacked");
  refuses(folder_.write("bad.gz", "\x1f\x8b no gzip"), Errc::malformed, "nothing in it can be unpacked");
  refuses(folder_.write("text", "hello\nworld\n"), Errc::malformed,
          "expected lines like ['TimingData', {...}");
  refuses(folder_.write("TrackStatus.jsonStream", "00:00:01.000{}\n"), Errc::malformed, "name its folder");
}

TEST_F(OpenSource, RefusesRandomBytes) {
  std::mt19937 random(20251025);
  for (int i = 0; i < 50; ++i) {
    std::string bytes(200'000, '\0');
    for (char& byte : bytes) byte = static_cast<char>(random());
    refuses(folder_.write("random", bytes), Errc::malformed, "");
  }
}

TEST_F(OpenSource, ReadsAFileThatIsNoRecordingOnlyInFront) {
  refuses(folder_.write("long_line", std::string(1'000'000, '[')), Errc::malformed, "expected lines like");
}

TEST(SourceKind, HasAName) {
  EXPECT_EQ(to_string(SourceKind::recording), "recording");
  EXPECT_EQ(to_string(SourceKind::archive), "archive");
}

}  // namespace
}  // namespace slipstream::feed
