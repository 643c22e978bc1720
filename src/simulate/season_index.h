// A season's Index.json, as F1's archive and its stand-in have it: the meetings, each with its sessions, in
// order of their dates. One thread at a time.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "feed/json_tree.h"

namespace slipstream::simulate {

class SeasonIndex {
 public:
  // Of the meetings of an Index.json. Errors: malformed, it is no list of meetings.
  Result<void> add_index(std::string_view json);
  // A session as its SessionInfo tells of it. It takes the place of what there was at its Path.
  void add_session(const feed::JsonTree& info);

  // With a byte order mark in front.
  std::string json(std::string_view year) const;

 private:
  struct Session {
    std::string path, start, json;
  };
  struct Meeting {
    std::string key, members;  // members: of the JSON object, without its sessions
    std::vector<Session> sessions;
  };

  void add(const feed::JsonTree& meeting, const feed::JsonTree& session);

  std::vector<Meeting> meetings_;
};

}  // namespace slipstream::simulate
