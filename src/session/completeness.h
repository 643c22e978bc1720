// What came of every feed topic, and which came without a gap.
//
// A topic is without a gap when the source spans the session, from before its first start to behind its end,
// nothing of the topic was rejected, the connection did not begin anew meanwhile, and the topics that have a
// beat (Heartbeat every 15 s, WeatherData every 60 s, CarData.z and Position.z more than once a second;
// counted in whole sessions of 2025) kept it while the session ran. Whether anything is missing of a topic
// without a beat shows by the feed's: a topic of which nothing came counts as missing. Pure; one thread at a
// time.
#pragma once

#include <map>
#include <set>
#include <string>

#include "feed/message.h"
#include "feed/source.h"
#include "session/state.h"

namespace slipstream::session {

using TopicSet = std::set<std::string, std::less<>>;

class CompletenessLog {
 public:
  // Called before the message is folded.
  void note(const feed::Message& message, const State& state);
  void note_rejected(const feed::BrokenInput& broken);

  // A row a topic.
  void publish(const State& state, Publisher& publisher) const;
  TopicSet gapless_topics(const State& state, feed::SourceKind kind) const;

 private:
  struct Beat {
    optional<Int> first_ms;
    Int last_ms = 0;
    Int longest_gap_ms = 0;
    Int longest_running_gap_ms = 0;  // of those at whose end the session was running
    Int message_count = 0;

    void note(Int at_ms, bool is_running);
  };
  struct Topic {
    Beat beat;
    Int rejected_count = 0;
  };
  // When the cars were let out first, and when the last part had ended.
  struct Span {
    Int from_ms, to_ms;
  };

  // nullptr for one more topic than a feed can have.
  Topic* topic(std::string_view name);
  static optional<Span> span_of(const SessionLog& log);
  bool is_whole(const Span& span, feed::SourceKind kind) const;
  static bool is_whole(std::string_view name, const Topic& topic, const Span& span);

  std::map<std::string, Topic, std::less<>> topics_;
  Beat all_;                        // messages of any topic
  optional<Int> last_snapshot_ms_;  // of a whole state sent by F1: a connection began
  Int rejected_without_topic_ = 0;
};

}  // namespace slipstream::session
