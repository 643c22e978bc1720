#include "feed/archive_index.h"

#include <fmt/core.h>
#include <simdjson.h>

#include <algorithm>
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include "core/limits.h"
#include "feed/archive.h"
#include "feed/archive_line.h"
#include "feed/folded_text.h"
#include "feed/line_reader.h"

namespace slipstream::feed {
namespace {

namespace fs = std::filesystem;
using Json = simdjson::dom::element;

std::string text_at(const Json& json, const char* pointer) {
  std::string_view text;
  return json.at_pointer(pointer).get(text) == simdjson::SUCCESS ? std::string(text) : std::string();
}

ListedEvent event_of(const Json& meeting) {
  ListedEvent event{.name = text_at(meeting, "/Name"),
                    .official_name = text_at(meeting, "/OfficialName"),
                    .location = text_at(meeting, "/Location"),
                    .country = text_at(meeting, "/Country/Name"),
                    .country_code = text_at(meeting, "/Country/Code"),
                    .circuit = text_at(meeting, "/Circuit/ShortName"),
                    .number = {},
                    .sessions = {}};
  std::int64_t number = 0;
  if (meeting.at_pointer("/Number").get(number) == simdjson::SUCCESS) event.number = static_cast<int>(number);
  return event;
}

// "2025-10-25_Sprint_Qualifying" -> "Sprint Qualifying"
std::string name_in(std::string_view folder) {
  std::string name(folder.substr(std::min(folder.find('_') + 1, folder.size())));
  std::replace(name.begin(), name.end(), '_', ' ');
  return name;
}

std::string type_from(std::string_view session_name, int year) {
  const auto has = [&](std::string_view part) { return session_name.find(part) != std::string_view::npos; };
  if (has("Practice") || has("Day")) return "Practice";
  const bool is_sprint_of_2021 = year == 2021 && has("Sprint");
  return !is_sprint_of_2021 && (has("Qualifying") || has("Shootout")) ? "Qualifying" : "Race";
}

// A path of Index.json, if it is one below the season's folder ("../uat/static/2022/..." is there too).
std::optional<std::string> safe_path(std::string path, int year) {
  while (path.ends_with('/')) path.pop_back();
  const fs::path parts(path);
  const auto names = std::distance(parts.begin(), parts.end());
  const bool climbs = std::find(parts.begin(), parts.end(), fs::path("..")) != parts.end();
  if (names != 3 || climbs || *parts.begin() != fs::path(std::to_string(year))) return std::nullopt;
  return path;
}

std::string event_folder(const std::string& path) { return fs::path(path).parent_path().filename().string(); }

ListedEvent listed_event(const Json& meeting, int year) {
  ListedEvent event = event_of(meeting);
  simdjson::dom::array sessions;
  if (meeting.at_pointer("/Sessions").get(sessions) != simdjson::SUCCESS) return event;
  std::string folder;
  for (const Json session : sessions) {
    if (const auto path = safe_path(text_at(session, "/Path"), year)) folder = event_folder(*path);
  }
  for (const Json session : sessions) {
    ListedSession listed{.type = text_at(session, "/Type"), .name = text_at(session, "/Name"), .path = {}};
    if (listed.name.empty()) continue;
    std::string path = text_at(session, "/Path");
    if (path.empty() && !folder.empty()) {
      std::string name = listed.name;
      std::replace(name.begin(), name.end(), ' ', '_');
      path = fmt::format("{}/{}/{}_{}", year, folder, text_at(session, "/StartDate").substr(0, 10), name);
    }
    const auto safe = safe_path(std::move(path), year);
    if (!safe) continue;
    listed.path = *safe;
    event.sessions.push_back(std::move(listed));
  }
  return event;
}

// The text of a small file, without its byte order mark.
Result<std::string> read_text(const fs::path& file, char line_end) {
  auto bytes = ByteReader::open(file.string());
  if (!bytes) return tl::make_unexpected(bytes.error());
  LineReader lines(std::move(*bytes), read_chunk_bytes, limits::message_bytes_max, line_end);
  Line line;
  const auto has_line = lines.next(line);
  if (!has_line) return tl::make_unexpected(has_line.error());
  return *has_line && !line.is_too_long ? std::string(line.text) : std::string();
}

Result<void> add_index(const fs::path& file, Season& season) {
  const auto text = read_text(file, '\0');
  if (!text) return tl::make_unexpected(text.error());
  simdjson::dom::parser parser;
  Json index;
  simdjson::dom::array meetings;
  if (parser.parse(*text).get(index) != simdjson::SUCCESS ||
      index.at_pointer("/Meetings").get(meetings) != simdjson::SUCCESS) {
    return fail(Errc::malformed, fmt::format("{}: not a list of meetings", file.string()));
  }
  for (const Json meeting : meetings) {
    ListedEvent event = listed_event(meeting, season.year);
    if (!event.name.empty() && !event.sessions.empty()) season.events.push_back(std::move(event));
  }
  return {};
}

std::vector<fs::path> folders_in(const fs::path& folder) {
  std::vector<fs::path> folders;
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    std::error_code ignored;
    if (it->is_directory(ignored)) folders.push_back(it->path());
  }
  std::sort(folders.begin(), folders.end());
  return folders;
}

// What the session's own SessionInfo says, else what its folders are called.
std::pair<ListedEvent, ListedSession> described(const fs::path& folder, int year) {
  simdjson::dom::parser parser;
  Json info;
  const auto line = read_text(folder / "SessionInfo.jsonStream", '\n');
  const auto split = line ? split_archive_line(*line) : fail(Errc::not_found, "");
  ListedSession session;
  ListedEvent event;
  if (split && parser.parse(std::string(split->raw_payload)).get(info) == simdjson::SUCCESS) {
    session.type = text_at(info, "/Type");
    session.name = text_at(info, "/Name");
    Json meeting;
    if (info.at_pointer("/Meeting").get(meeting) == simdjson::SUCCESS) event = event_of(meeting);
  }
  if (event.name.empty()) event.name = name_in(folder.parent_path().filename().string());
  if (session.name.empty()) session.name = name_in(folder.filename().string());
  if (session.type.empty()) session.type = type_from(session.name, year);
  session.path =
      (fs::path(std::to_string(year)) / folder.parent_path().filename() / folder.filename()).string();
  return {std::move(event), std::move(session)};
}

void add_folder(const fs::path& folder, Season& season) {
  auto [event, session] = described(folder, season.year);
  const std::string key = folded(event_folder(session.path));
  const auto known_event = std::find_if(
      season.events.begin(), season.events.end(),
      [&key](const ListedEvent& known) { return folded(event_folder(known.sessions.front().path)) == key; });
  if (known_event == season.events.end()) {
    event.sessions.push_back(std::move(session));
    season.events.push_back(std::move(event));
    return;
  }
  auto& sessions = known_event->sessions;
  const auto known = std::find_if(sessions.begin(), sessions.end(), [&](const ListedSession& other) {
    return folded(other.path) == folded(session.path);
  });
  // The folder's own spelling: an index writes "São_Paulo" where a copy may have "Sao_Paulo".
  if (known == sessions.end()) sessions.push_back(std::move(session));
  else known->path = session.path;
}

}  // namespace

std::optional<fs::path> archive_root() {
  const auto variable = [](const char* name) -> std::optional<fs::path> {
    const char* const value = std::getenv(name);
    return value != nullptr && *value != '\0' ? std::optional<fs::path>(value) : std::nullopt;
  };
  if (auto archive = variable("SLIPSTREAM_ARCHIVE")) return archive;
  if (const auto cache = variable("XDG_CACHE_HOME")) return *cache / "slipstream" / "archive";
  if (const auto home = variable("HOME")) return *home / ".cache" / "slipstream" / "archive";
  return std::nullopt;
}

Result<Season> read_season(const fs::path& root, int year) {
  Season season{.year = year, .events = {}};
  const fs::path folder = root / std::to_string(year);
  std::error_code ignored;
  if (fs::exists(folder / "Index.json", ignored)) SLIP_TRY(add_index(folder / "Index.json", season));
  for (const fs::path& event : folders_in(folder)) {
    for (const fs::path& session : folders_in(event)) {
      if (has_topics(session)) add_folder(session, season);
    }
  }
  if (season.events.empty()) {
    return fail(Errc::not_found, fmt::format("the archive {} has nothing of {}", root.string(), year));
  }
  return season;
}

Result<fs::path> find_archive_session(const fs::path& root, const SessionName& name) {
  const auto season = read_season(root, name.season);
  if (!season) return tl::make_unexpected(season.error());
  const auto session = find_session(*season, name);
  if (!session) return tl::make_unexpected(session.error());
  fs::path folder = root / (*session)->path;
  if (!has_topics(folder)) {
    return fail(Errc::not_found,
                fmt::format("{} is known, but not in the archive {}", (*session)->path, root.string()));
  }
  return folder;
}

}  // namespace slipstream::feed
