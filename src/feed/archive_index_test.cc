#include "feed/archive_index.h"

#include <gmock/gmock.h>

#include "feed/source_test_support.h"

namespace slipstream::feed {
namespace {

using ::testing::HasSubstr;

constexpr std::string_view session_info =
    R"(00:00:00.000{"Meeting":{"Name":"Qatar Grand Prix","Location":"Lusail","Number":18,"Country":)"
    R"({"Code":"QAT","Name":"Qatar"},"Circuit":{"ShortName":"Lusail"}},"Type":"Race","Name":"Sprint"})"
    "\r\n";

class ArchiveIndexTest : public ::testing::Test {
 protected:
  void session(const std::string& path, std::string_view info) {
    folder_.write(path + "/SessionInfo.jsonStream", info);
    folder_.write(path + "/LapCount.jsonStream", "00:00:01.000{}\r\n");
  }
  // The session's folder below the root, or the error's message.
  std::string found(const std::string& name) {
    const auto folder = find_archive_session(folder_.path(), *split_session_name(name));
    return folder ? folder->lexically_relative(folder_.path()).string() : folder.error().message;
  }

  test::TempFolder folder_;
};

TEST_F(ArchiveIndexTest, KnowsSessionsByTheirFoldersAlone) {
  session("2023/2023-10-08_Qatar_Grand_Prix/2023-10-07_Sprint", session_info);
  folder_.write("2023/2023-11-05_Sao_Paulo_Grand_Prix/2023-11-05_Race/LapCount.jsonStream",
                "00:00:01.000{}\n");
  EXPECT_EQ(found("2023/Lusail/S"), "2023/2023-10-08_Qatar_Grand_Prix/2023-10-07_Sprint");
  EXPECT_EQ(found("2023/18/sprint"), "2023/2023-10-08_Qatar_Grand_Prix/2023-10-07_Sprint");
  EXPECT_EQ(found("2023/São Paulo/R"), "2023/2023-11-05_Sao_Paulo_Grand_Prix/2023-11-05_Race");
  EXPECT_THAT(found("2022/Lusail/S"), HasSubstr("has nothing of 2022"));
}

// T12, L21: entries with a wrong key or no name are hints at most; sessions that are missing are found by
// their folders. T11: a path that is missing is what the neighbours' are.
TEST_F(ArchiveIndexTest, T11T12TakesTheIndexAsAHint) {
  folder_.write(
      "2023/Index.json",
      "\xEF\xBB\xBF"
      R"({"Year":2023,"Meetings":[{"Name":"Qatar Grand Prix","Location":"Lusail","Sessions":[)"
      R"({"Key":-1,"Type":"Race","StartDate":"2023-10-08T20:00:00"},)"
      R"({"Key":9221,"Type":"Race","Name":"Race",)"
      R"("Path":"2023/2023-10-08_Qatar_Grand_Prix/2023-10-08_Race/"},)"
      R"({"Key":-1,"Type":"Qualifying","Name":"Sprint Shootout","StartDate":"2023-10-07T16:20:00"},)"
      R"({"Key":1,"Type":"Race","Name":"Track Test","Path":"../uat/static/2023/x/y/"}]}]})");
  session("2023/2023-10-08_Qatar_Grand_Prix/2023-10-08_Race", "");
  session("2023/2023-10-08_Qatar_Grand_Prix/2023-10-07_Sprint", session_info);
  session("2023/2023-10-08_Qatar_Grand_Prix/2023-10-07_Sprint_Shootout", "");
  EXPECT_EQ(found("2023/Qatar/R"), "2023/2023-10-08_Qatar_Grand_Prix/2023-10-08_Race");
  EXPECT_EQ(found("2023/Qatar/SQ"), "2023/2023-10-08_Qatar_Grand_Prix/2023-10-07_Sprint_Shootout");
  EXPECT_EQ(found("2023/Qatar/Sprint"), "2023/2023-10-08_Qatar_Grand_Prix/2023-10-07_Sprint");
  EXPECT_EQ(found("2023/Qatar/Track Test").substr(0, 49),
            "2023 Qatar Grand Prix has no session \"Track Test\"");
}

TEST_F(ArchiveIndexTest, SaysThatAKnownSessionIsNotThere) {
  folder_.write("2023/Index.json",
                R"({"Meetings":[{"Name":"Qatar Grand Prix","Sessions":[{"Type":"Race","Name":"Race",)"
                R"("Path":"2023/2023-10-08_Qatar_Grand_Prix/2023-10-08_Race/"}]}]})");
  EXPECT_THAT(found("2023/Qatar/R"), HasSubstr("2023-10-08_Race is known, but not in the archive "));
  folder_.write("2022/Index.json", "no index");
  EXPECT_THAT(found("2022/Qatar/R"), HasSubstr("2022/Index.json: not a list of meetings"));
}

TEST_F(ArchiveIndexTest, OpensASessionByItsName) {
  session("2023/2023-10-08_Qatar_Grand_Prix/2023-10-07_Sprint", session_info);
  ::setenv("SLIPSTREAM_ARCHIVE", folder_.path().c_str(), 1);
  const auto source = open_source("2023/Qatar/S");
  const auto missing = open_source("2023/Monza/R");
  ::setenv("SLIPSTREAM_ARCHIVE", (folder_.path() / "missing").c_str(), 1);
  const auto rootless = open_source("2023/Qatar/S");
  ::unsetenv("SLIPSTREAM_ARCHIVE");
  ASSERT_TRUE(source) << source.error().message;
  EXPECT_EQ((*source)->info().name, "2023-10-07_Sprint");
  EXPECT_EQ(missing.error().message,
            "2023/Monza/R: 2023 has no event \"Monza\"; did you mean Qatar Grand Prix?");
  EXPECT_THAT(rootless.error().message, HasSubstr("no archive to look the session up in"));
}

std::string in_real_archive(const std::string& root, const std::string& name) {
  const auto folder = find_archive_session(root, *split_session_name(name));
  return folder ? folder->filename().string() : folder.error().message;
}

TEST(ArchiveIndexRealData, FindsEverySession) {
  FEED_REAL_DATA(root, "archive");
  EXPECT_EQ(in_real_archive(root, "2025/Australia/R"), "2025-03-16_Race");
  EXPECT_EQ(in_real_archive(root, "2025/Mexico City/Qualifying"), "2025-10-25_Qualifying");
  EXPECT_EQ(in_real_archive(root, "2025/Mexico/Q"), "2025-10-25_Qualifying");
  EXPECT_EQ(in_real_archive(root, "2025/miami/sprint"), "2025-05-03_Sprint");
  EXPECT_EQ(in_real_archive(root, "2020/Hungary/FP2"), "2020-07-17_Practice_2");
  EXPECT_EQ(in_real_archive(root, "2026/Shanghai/R"), "2026-03-15_Race");
  EXPECT_THAT(
      in_real_archive(root, "2023/Qatar/Sprint"),
      HasSubstr("2023/2023-10-08_Qatar_Grand_Prix/2023-10-07_Sprint is known, but not in the archive"));
  EXPECT_THAT(in_real_archive(root, "2021/Imola/FP1"),
              HasSubstr("2021/2021-04-18_Emilia_Romagna_Grand_Prix/2021-04-16_Practice_1 is known"));
  EXPECT_THAT(in_real_archive(root, "2021/Saudi Arabia/R"), HasSubstr("/2021-12-05_Race is known"));
}

}  // namespace
}  // namespace slipstream::feed
