#include "session/session_splitter.h"

#include "feed/json_tree.h"
#include "session/read.h"

namespace slipstream::session {

std::optional<SessionSplitter::Identity> SessionSplitter::identity_of(std::string_view session_info) {
  simdjson::dom::parser parser;
  simdjson::dom::element payload;
  if (parser.parse(session_info.data(), session_info.size()).get(payload) != simdjson::SUCCESS) {
    return std::nullopt;
  }
  feed::JsonTree info;
  (void)info.merge(payload);
  Identity said;
  const auto key = info["Key"].integer();
  if (key && *key > 0) said.key = *key;
  said.path = text_of(info["Path"]).value_or("");
  said.name = text_of(info["Name"]).value_or("");
  said.start_date = text_of(info["StartDate"]).value_or("");
  return said;
}

bool SessionSplitter::is_another(const Identity& known, const Identity& said) {
  const auto differ = [](const std::string& a, const std::string& b) {
    return !a.empty() && !b.empty() && a != b;
  };
  if (known.key != 0 && said.key != 0) return known.key != said.key;
  if (!known.path.empty() && !said.path.empty()) return known.path != said.path;
  // A start that moves (L22) alone is the same session.
  return differ(known.name, said.name) ||
         (known.name.empty() && said.name.empty() && differ(known.start_date, said.start_date));
}

void SessionSplitter::learn(const Identity& said) {
  if (said.key != 0) current_.key = said.key;
  if (!said.path.empty()) current_.path = said.path;
  if (!said.name.empty()) current_.name = said.name;
  if (!said.start_date.empty()) current_.start_date = said.start_date;
}

Belongs SessionSplitter::place(const feed::Message& message) {
  if (message.feed_topic != "SessionInfo") {
    is_in_left_snapshot_ = is_in_left_snapshot_ && message.is_snapshot;
    return is_in_left_snapshot_ ? Belongs::left_session : Belongs::same_session;
  }
  is_in_left_snapshot_ = false;
  const auto said = identity_of(message.payload);
  if (!said) return Belongs::same_session;
  if (!is_another(current_, *said)) {
    learn(*said);
    return Belongs::same_session;
  }
  if (message.is_snapshot && left_keys_.contains(said->key)) {
    is_in_left_snapshot_ = true;
    return Belongs::left_session;
  }
  if (current_.key != 0) left_keys_.insert(current_.key);
  current_ = *said;
  base_ = message.utc ? message.session_time : SessionTime{};
  return Belongs::next_session;
}

Belongs SessionSplitter::take(feed::SourceItem& item) {
  if (auto* message = std::get_if<feed::Message>(&item)) {
    const Belongs belongs = place(*message);
    message->session_time -= base_;
    return belongs;
  }
  auto& broken = std::get<feed::BrokenInput>(item);
  if (broken.session_time) *broken.session_time -= base_;
  return Belongs::same_session;
}

}  // namespace slipstream::session
