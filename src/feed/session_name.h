// "2025/Australia/R": a session by season, event and session name, as people type them, found in what an
// archive lists. Pure.
//
// An event goes by its meeting's name, with or without "Grand Prix", by location, circuit, country or
// country's code, or by the number that F1 gives the meeting; a session by its name, by R, Q, S, SQ, SS,
// FP1..FP3, or by what it was called in other years (L21: kinds come from the table in session_kind.h). Case
// and accents do not count, the front of a name is enough, and one wrong letter is forgiven; what fits
// several events or none is an error that names those that may be meant.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace slipstream::feed {

struct ListedSession {
  std::string type, name;  // "Practice", "Practice 1"
  std::string path;        // below the archive's root: "2025/2025-10-26_Mexico_.../2025-10-25_Qualifying"
};

struct ListedEvent {
  std::string name, official_name, location, country, country_code, circuit;
  std::optional<int> number;
  std::vector<ListedSession> sessions;
};

struct Season {
  int year = 0;
  std::vector<ListedEvent> events;
};

struct SessionName {
  int season = 0;
  std::string event, session;  // the latter may be empty
};

// "2025/Australia/R", "2025/Australia". Nothing if `text` has another shape.
std::optional<SessionName> split_session_name(std::string_view text);

// The session meant; part of `season`. Errors: not_found, no event or session goes by that name, or several
// do.
Result<const ListedSession*> find_session(const Season& season, const SessionName& name);

}  // namespace slipstream::feed
