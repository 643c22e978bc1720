// The client's side of SignalR Core's JSON protocol as a state machine: frames in, frames to send and what
// they mean out. No socket, no clock; live_client.h has those.
//
//   1  we   {"protocol":"json","version":1}<1E>            at once
//   2  F1   {}<1E>                                         or {"error":"..."}
//   3  we   {"type":1,"invocationId":"0","target":"Subscribe","arguments":[["Heartbeat",...]]}<1E>
//   4  F1   {"type":3,"invocationId":"0","result":{...}}   the snapshot, behind or in front of first changes
//   5  F1   {"type":1,"target":"feed","arguments":[topic,data,utc]}, {"type":6} (ping), {"type":7} (close)
//   we      {"type":6}<1E> every 15 s
//
// Several messages share a frame (T3); a message that is cut by a frame's end goes on in the next one.
// Source: ASP.NET Core's HubProtocol.md, and docs/live-client.md. Pure; one thread at a time.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace slipstream::feed {

// Every topic that F1 is known to have, docs/feed.md.
const std::vector<std::string>& live_topics();

class LiveProtocol {
 public:
  enum class State { connecting, handshake, subscribing, live, ended };

  struct Seen {
    bool is_answered = false;                 // Subscribe was
    bool has_session_info = false;            // a message or snapshot of SessionInfo is in it
    std::optional<std::string> session_info;  // its JSON as it came, the last one
    std::size_t feed_messages = 0;
    bool has_ping = false;
    bool has_ended = false;          // the session: "Finalised" or "Ends" (T13)
    bool was_over = false;           // the snapshot is of a session that has ended
    std::optional<bool> must_close;  // the server closes; whether it wants us back
  };

  explicit LiveProtocol(std::vector<std::string> topics) : topics_(std::move(topics)) {}

  // What to send when the socket is open.
  std::string open();
  // Takes a frame. `send` gets what has to be sent for it. Errors: unsupported, the server refuses the
  // protocol or Subscribe, with its words; malformed, what comes first is no handshake.
  Result<Seen> take(std::string_view frame, std::string& send);

  State state() const { return state_; }
  // Of the snapshot: what was asked for and did not come.
  const std::vector<std::string>& missing_topics() const { return missing_topics_; }

  static constexpr std::string_view ping = "{\"type\":6}\x1e";

 private:
  Result<void> take_message(std::string_view message, std::string& send, Seen& seen);
  Result<void> take_handshake(std::string_view message, std::string& send);
  Result<void> take_answer(std::string_view result, std::string_view error, Seen& seen);
  void note_topic(std::string_view feed_topic, std::string_view payload, Seen& seen) const;

  const std::vector<std::string> topics_;
  std::vector<std::string> missing_topics_;
  State state_ = State::connecting;
  std::string partial_;
};

// Whether a payload of SessionStatus or SessionInfo says that the session is over for good: "Finalised" or
// "Ends" as its Status.
bool tells_end(std::string_view feed_topic, std::string_view payload);

}  // namespace slipstream::feed
