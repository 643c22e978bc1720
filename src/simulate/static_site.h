// The stand-in for F1's archive: /static/<year>/Index.json and the files of sessions, with ETags and byte
// ranges.
//
// An archive folder is served as it lies there; of a recording the files are made from its messages. The
// season's Index.json is made from the SessionInfo of the sources. Thread rule: constant after add(), but for
// publish(), which any thread may call.
#pragma once

#include <atomic>
#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "net/server.h"

namespace slipstream::simulate {

class StaticSite {
 public:
  // Adds what open_source takes. A source whose SessionInfo names no Path has no archive. Errors: those of
  // open_source and Source::next.
  Result<void> add(const std::string& source);

  // `path` is what stands behind "/static/".
  net::Response get(std::string_view path, const net::Request& request) const;

  // From when on sessions are there; before, F1 answers 403 (T10).
  void publish_at(std::chrono::steady_clock::time_point time) { published_ = time; }
  void hold() { published_ = std::chrono::steady_clock::time_point::max(); }

 private:
  struct File {
    std::filesystem::path path;               // read at each request; or
    std::shared_ptr<const std::string> text;  // made from a recording
  };
  struct Session {
    std::string path;  // "2025/2025-10-26_Mexico_City_Grand_Prix/2025-10-25_Qualifying/"
    std::string info;  // SessionInfo as JSON
    std::map<std::string, File, std::less<>> files;
  };

  std::string season_index(std::string_view year) const;

  std::vector<Session> sessions_;
  std::atomic<std::chrono::steady_clock::time_point> published_{std::chrono::steady_clock::time_point::min()};
};

// An answer with the part that a Range header asks for: 206, or 416 where there is none; another text than
// one range of bytes, or an If-Range of something else, gets the whole.
net::Response with_range(net::Response whole, std::string_view range, std::string_view if_range);

}  // namespace slipstream::simulate
