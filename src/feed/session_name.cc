#include "feed/session_name.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>

#include "feed/folded_text.h"
#include "feed/session_kind.h"

namespace slipstream::feed {
namespace {

constexpr std::string_view grand_prix = "grandprix";
constexpr std::size_t suggestions_max = 3;
// Shorter texts are no parts of names, and have no room for a wrong letter.
constexpr std::size_t part_chars_min = 3;
constexpr std::size_t typo_chars_min = 4;

bool is_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::optional<int> number_of(std::string_view text) {
  int number = 0;
  if (!is_digits(text)) return std::nullopt;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() ? std::optional(number) : std::nullopt;
}

// "2025-10-26_Mexico_City_Grand_Prix" -> "Mexico_City_Grand_Prix", for those who type a folder's name.
std::string_view without_date(std::string_view text) {
  constexpr std::size_t date_chars = 10;
  const bool has_date = text.size() > date_chars + 1 && is_digits(text.substr(0, 4)) && text[4] == '-' &&
                        is_digits(text.substr(5, 2)) && text[7] == '-' && is_digits(text.substr(8, 2));
  return has_date ? text.substr(date_chars + 1) : text;
}

std::string folded_event_name(std::string_view name) {
  std::string text = folded(name);
  if (text.size() > grand_prix.size() && text.ends_with(grand_prix))
    text.resize(text.size() - grand_prix.size());
  return text;
}

bool is_test(const ListedEvent& event) { return event.name.find("Test") != std::string::npos; }

// How well an event fits; the least is best.
enum class Fit { name, place, country, code, front, part, typo, none };

bool any_of(const std::vector<std::string>& texts, auto accepts) {
  return std::any_of(texts.begin(), texts.end(),
                     [&](const std::string& text) { return !text.empty() && accepts(text); });
}

Fit fit_of(const ListedEvent& event, const std::string& asked) {
  std::vector<std::string> names = {folded_event_name(event.name)};
  if (names[0] == asked) return Fit::name;
  // Tests are held where races are; whoever names the place means the race.
  if (!is_test(event)) {
    const std::vector<std::string> places = {folded(event.location), folded(event.circuit)};
    if (any_of(places, [&](const auto& text) { return text == asked; })) return Fit::place;
    if (folded(event.country) == asked) return Fit::country;
    if (folded(event.country_code) == asked) return Fit::code;
    names.insert(names.end(), places.begin(), places.end());
    names.push_back(folded(event.country));
  }
  if (asked.size() >= part_chars_min) {
    if (any_of(names, [&](const auto& text) { return text.starts_with(asked); })) return Fit::front;
    names.push_back(folded(event.official_name));
    if (any_of(names, [&](const auto& text) { return text.find(asked) != text.npos; })) return Fit::part;
    names.pop_back();
  }
  const bool is_typo = asked.size() >= typo_chars_min &&
                       any_of(names, [&](const auto& text) { return edit_distance(text, asked) == 1; });
  return is_typo ? Fit::typo : Fit::none;
}

using Events = std::vector<const ListedEvent*>;

// A country with two races: the one that is named after it, "Italian" rather than "Emilia Romagna".
const ListedEvent* named_after_country(const Events& events) {
  const auto distance = [](const ListedEvent* event) {
    return edit_distance(folded_event_name(event->name), folded(event->country));
  };
  Events sorted = events;
  std::sort(sorted.begin(), sorted.end(),
            [&](const auto* a, const auto* b) { return distance(a) < distance(b); });
  return distance(sorted[0]) < distance(sorted[1]) ? sorted[0] : nullptr;
}

// The names nearest to what was asked.
std::string suggestions(std::vector<std::string> names, const std::string& asked) {
  const auto distance = [&](const std::string& name) {
    const std::string text = folded_event_name(name);
    return edit_distance(text.substr(0, std::max(asked.size(), std::size_t{1})), asked);
  };
  std::stable_sort(names.begin(), names.end(),
                   [&](const auto& a, const auto& b) { return distance(a) < distance(b); });
  names.resize(std::min(names.size(), suggestions_max));
  return fmt::format("{}", fmt::join(names, ", "));
}

std::vector<std::string> names_of(const Events& events) {
  std::vector<std::string> names;
  for (const auto* event : events) names.push_back(event->name);
  return names;
}

Result<const ListedEvent*> find_event(const Season& season, std::string_view asked_name) {
  const std::string asked = folded_event_name(without_date(asked_name));
  const auto number = number_of(asked);
  Events all, found;
  Fit best = Fit::none;
  for (const ListedEvent& event : season.events) {
    all.push_back(&event);
    const bool has_number = number && event.number == number && !is_test(event);
    const Fit fit = number ? (has_number ? Fit::name : Fit::none) : fit_of(event, asked);
    if (fit == Fit::none || fit > best) continue;
    if (fit < best) found.clear();
    best = fit;
    found.push_back(&event);
  }
  if (found.size() == 1) return found.front();
  if (found.empty()) {
    return fail(Errc::not_found, fmt::format("{} has no event \"{}\"; did you mean {}?", season.year,
                                             asked_name, suggestions(names_of(all), asked)));
  }
  if (best == Fit::country || best == Fit::code) {
    if (const auto* const event = named_after_country(found)) return event;
  }
  return fail(Errc::not_found, fmt::format("several events of {} go by \"{}\": {}", season.year, asked_name,
                                           fmt::join(names_of(found), ", ")));
}

struct Asked {
  std::string text;                      // folded
  std::optional<std::string_view> kind;  // as session_kind() says
  std::optional<char> number;            // of a practice
};

Asked asked_session(std::string_view name) {
  struct Code {
    std::string_view text, kind;
  };
  constexpr Code codes[] = {{"r", "race"},
                            {"race", "race"},
                            {"q", "qualifying"},
                            {"qualifying", "qualifying"},
                            {"s", "sprint"},
                            {"sprint", "sprint"},
                            {"sq", "sprint_qualifying"},
                            {"ss", "sprint_qualifying"},
                            {"sprintqualifying", "sprint_qualifying"},
                            {"sprintshootout", "sprint_qualifying"},
                            {"shootout", "sprint_qualifying"}};
  Asked asked{.text = folded(without_date(name)), .kind = {}, .number = {}};
  for (const Code& code : codes) {
    if (code.text == asked.text) asked.kind = code.kind;
  }
  for (const std::string_view front : {"fp", "p", "practice", "freepractice", "day", "d"}) {
    const bool is_practice = asked.text.size() == front.size() + 1 && asked.text.starts_with(front);
    if (is_practice && is_digits(asked.text.substr(front.size()))) asked.number = asked.text.back();
  }
  return asked;
}

// "Sprint Qualifying" -> "sq", the name that it went by in 2021, when it was the sprint.
std::string initials(std::string_view name) {
  std::string text;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (i == 0 || name[i - 1] == ' ') text += name[i];
  }
  return folded(text);
}

// Whether `session` is what is asked for, by rules that come one after another: the first that any session of
// the event fits decides.
bool fits(const ListedSession& session, const ListedEvent& event, int season, const Asked& asked, int rule) {
  const std::string text = folded(session.name);
  switch (rule) {
    case 0: return text == asked.text;
    case 1: return asked.kind && session_kind(season, session.type, session.name, event.name) == asked.kind;
    case 2:
      return asked.number && text.ends_with(*asked.number) &&
             (session.type == "Practice" || text.starts_with("day"));
    case 3: return initials(session.name) == asked.text;
    case 4: return asked.text.size() >= part_chars_min && text.starts_with(asked.text);
    default: return asked.text.size() >= typo_chars_min && edit_distance(text, asked.text) == 1;
  }
}
constexpr int rule_count = 6;

}  // namespace

std::optional<SessionName> split_session_name(std::string_view text) {
  while (text.ends_with('/')) text.remove_suffix(1);
  const std::size_t year_end = text.find('/');
  if (year_end != 4 || !is_digits(text.substr(0, year_end))) return std::nullopt;
  const std::string_view rest = text.substr(year_end + 1);
  const std::size_t event_end = std::min(rest.find('/'), rest.size());
  const std::string_view session = rest.substr(std::min(event_end + 1, rest.size()));
  if (event_end == 0 || session.find('/') != std::string_view::npos) return std::nullopt;
  return SessionName{.season = *number_of(text.substr(0, year_end)),
                     .event = std::string(rest.substr(0, event_end)),
                     .session = std::string(session)};
}

Result<const ListedSession*> find_session(const Season& season, const SessionName& name) {
  const auto event = find_event(season, name.event);
  if (!event) return tl::make_unexpected(event.error());
  std::vector<std::string> names;
  for (const ListedSession& session : (*event)->sessions) names.push_back(session.name);
  const Asked asked = asked_session(name.session);
  const std::string what = fmt::format("{} {}", season.year, (*event)->name);
  if (asked.text.empty()) {
    return fail(Errc::not_found, fmt::format("{}: name a session: {}", what, fmt::join(names, ", ")));
  }
  for (int rule = 0; rule < rule_count; ++rule) {
    std::vector<const ListedSession*> found;
    for (const ListedSession& session : (*event)->sessions) {
      if (fits(session, **event, season.year, asked, rule)) found.push_back(&session);
    }
    if (found.size() == 1) return found.front();
    if (found.size() > 1) {
      return fail(Errc::not_found, fmt::format("{}: several sessions go by \"{}\"; name one of: {}", what,
                                               name.session, fmt::join(names, ", ")));
    }
  }
  return fail(Errc::not_found, fmt::format("{} has no session \"{}\"; it has: {}", what, name.session,
                                           fmt::join(names, ", ")));
}

}  // namespace slipstream::feed
