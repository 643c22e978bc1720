// A source onto the bus: each of its sessions through an engine of its own, in the order in which they begin.
//
//   SourcePublisher publisher(bus, source.info(), circuit, totals, on_session);
//   begin(), take() for every item, flush() when records must not wait longer, end() behind the last.
//
// Several may publish to one bus at a time. One thread at a time.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "bus/bus.h"
#include "cli/bus_publisher.h"
#include "core/ids.h"
#include "core/result.h"
#include "core/time.h"
#include "feed/source.h"
#include "session/engine.h"
#include "session/session_splitter.h"

namespace slipstream::cli {

// Of all that a program publishes; any thread may read it.
struct PublishTotals {
  std::atomic<std::int64_t> messages{0}, broken{0};    // read
  std::atomic<std::int64_t> published{0}, skipped{0};  // records (PublishCounts)
};

class SourcePublisher {
 public:
  struct Session {
    SessionKey key{0};   // 0: not known yet
    SessionTime base{};  // the source's time at which it begins
    bool operator==(const Session&) const = default;
  };
  // A session begins; and again when its key is known, before its first record is on the log.
  using OnSession = std::function<void(const Session&)>;

  // Bus and totals must outlive this.
  SourcePublisher(bus::Bus& bus, feed::SourceInfo info, std::shared_ptr<const session::KnownCircuit> circuit,
                  PublishTotals& totals, OnSession on_session = {});

  // Errors of all four: those of the bus.
  Result<void> begin();
  // Leaves the item's time counting from its session.
  Result<void> take(feed::SourceItem& item);
  Result<void> flush();
  Result<void> end();

  std::int64_t message_count() const { return message_count_; }
  // Why the first piece that could not be decoded could not be; empty: there was none.
  const std::string& first_reason() const { return first_reason_; }

 private:
  Result<void> begin_session();
  Result<void> end_session();
  Result<void> publish();
  void tell();
  void note_counts();

  bus::Bus& bus_;
  const feed::SourceInfo info_;
  const std::shared_ptr<const session::KnownCircuit> circuit_;
  PublishTotals& totals_;
  const OnSession on_session_;
  session::SessionSplitter splitter_;
  std::unique_ptr<session::Engine> engine_;
  std::unique_ptr<BusPublisher> publisher_;
  session::Output output_;
  PublishCounts noted_;  // of publisher_'s counts, in totals_ already
  std::optional<Session> told_;
  std::int64_t message_count_ = 0;
  std::string first_reason_;
};

}  // namespace slipstream::cli
