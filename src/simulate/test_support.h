// A small session for the stand-in's tests, and a token. Tests only.
#pragma once

#include <fmt/core.h>
#include <algorithm>
#include <string>
#include <vector>

#include "feed/payload.h"
#include "feed/source_test_support.h"

namespace slipstream::simulate::test {

using feed::test::TempFolder;

inline const std::string session_info =
    R"({"Meeting":{"Key":1,"Name":"Test Grand Prix","Country":{"Key":1}},"Key":77,"Type":"Race",)"
    R"("Name":"Race",)"
    R"("StartDate":"2025-03-16T15:00:00","EndDate":"2025-03-16T17:00:00","GmtOffset":"11:00:00",)"
    R"("Path":"2025/2025-03-16_Test_Grand_Prix/2025-03-16_Race/"})";

// An archive folder with `count` changes, one each 100 ms of the session; the last says that it ends.
inline std::string small_archive(const TempFolder& folder, int count, int key = 77) {
  std::string info = session_info;
  info.replace(info.find("77"), 2, std::to_string(key));
  std::string timing, heartbeat, cars;
  for (int i = 0; i < count; ++i) {
    const std::string at = format_session_time(SessionTime(1000 + i * 100));
    if (i % 20 == 0) {
      heartbeat += fmt::format(
          "{}{{\"Utc\":\"{}\"}}\r\n", at,
          format_utc(UtcTime(std::chrono::seconds(1'742'090'400 + key)) + SessionTime(1000 + i * 100)));
    }
    if (i % 3 == 0)
      cars += fmt::format("{}\"{}\"\r\n", at, feed::pack_payload(fmt::format("{{\"n\":{}}}", i)));
    timing += fmt::format("{}{{\"Lines\":{{\"4\":{{\"n\":\"{}\",\"at{}\":{}}}}}}}\r\n", at, i, i % 5, i);
  }
  const std::string end = format_session_time(SessionTime(1000 + count * 100));
  const std::string name = fmt::format("session{}/", key);
  folder.write(name + "SessionInfo.jsonStream", "00:00:00.000" + info + "\r\n");
  folder.write(name + "Heartbeat.jsonStream", heartbeat);
  folder.write(name + "TimingData.jsonStream", timing);
  folder.write(name + "CarData.z.jsonStream", cars);
  folder.write(name + "SessionStatus.jsonStream",
               "00:00:01.000{\"Status\":\"Started\"}\r\n" + end + "{\"Status\":\"Ends\"}\r\n");
  return (folder.path() / name).string();
}

inline std::string token_until(std::int64_t unix_seconds) {
  std::string claims = feed::test::base64(fmt::format("{{\"exp\":{}}}", unix_seconds));
  claims.resize(claims.find_last_not_of('=') + 1);
  std::replace(claims.begin(), claims.end(), '+', '-');
  std::replace(claims.begin(), claims.end(), '/', '_');
  return "eyJhbGciOiJSUzI1NiJ9." + claims + ".c2lnbmVk";
}

}  // namespace slipstream::simulate::test
