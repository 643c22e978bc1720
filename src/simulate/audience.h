// Who listens to the stand-in: the server's side of SignalR Core's JSON protocol, the state of the feed, and
// the faults of the line.
//
// A subscriber gets the state as it is and then every message, with nothing between missing or twice. Byte by
// byte what real clients need: docs/live-client.md. Thread rule: any thread.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>

#include "core/time.h"
#include "feed/message.h"
#include "net/server.h"
#include "simulate/faults.h"
#include "simulate/feed_state.h"

namespace slipstream::simulate {

class Audience {
 public:
  explicit Audience(const Faults& faults) : faults_(faults) {}

  void enter(std::shared_ptr<net::WebSocketPeer> peer, bool has_token);
  void leave(const net::WebSocketPeer& peer);
  // What a client says.
  void hear(net::WebSocketPeer& peer, std::string_view text);

  // A message for the state only: what came before anybody could listen.
  void learn(const feed::Message& message);
  // To all who subscribed to its topic; `number` says which faults it meets.
  void play(const feed::Message& message, UtcTime stamp, std::int64_t number);
  // A new session begins: what was known is of another one. Its SessionInfo, played next, tells the clients.
  void forget();
  void ping();
  void hang_up_all();
  void close_all();

  std::size_t subscriber_count() const;
  // Of the slowest subscriber.
  std::size_t frames_waiting() const;
  // Those whose frames do not go out any more are cut off.
  void drop_stuck(std::size_t frames);
  std::int64_t frames_sent() const { return frames_sent_; }

 private:
  struct Member {
    std::shared_ptr<net::WebSocketPeer> peer;
    bool has_token = false;
    bool is_shaken = false;
    std::set<std::string, std::less<>> topics;

    bool takes(std::string_view feed_topic) const;
  };

  void take_message(Member& member, std::string_view message);
  void shake(Member& member, std::string_view message);
  void call(Member& member, std::string_view target, std::string_view arguments, std::string_view id);
  void send(Member& member, const std::shared_ptr<const std::string>& text);
  void send_slowly(Member& member, const std::string& text);
  void cut(Member& member, const std::string& text);

  const Faults faults_;
  mutable std::mutex mutex_;
  FeedState state_;
  std::map<std::uint64_t, Member> members_;
  std::atomic<std::int64_t> frames_sent_ = 0;
};

}  // namespace slipstream::simulate
