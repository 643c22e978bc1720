// A replay: source -> engine -> bus, at some pace; beside it, each on its own threads, the sink that loads
// the bus into a warehouse and the server that shows it. Live is the same with another source
// (live_command.cc).
//
// One thread at a time; run() returns when the source has ended or `stop` came.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "bus/bus.h"
#include "cli/bus_publisher.h"
#include "cli/outlook.h"
#include "cli/pace.h"
#include "cli/sql_socket.h"
#include "feed/source.h"
#include "net/server.h"
#include "serve/web_app.h"
#include "session/engine.h"
#include "session/session_splitter.h"
#include "warehouse/sink.h"
#include "warehouse/warehouse.h"

namespace slipstream::cli {

struct ReplayPlan {
  std::string source;
  std::optional<double> speed;  // nothing: as fast as it goes
  SessionTime from{};
  std::string bus;  // folder; empty: in memory
  std::string db;   // empty: no warehouse
  std::optional<net::ServerOptions> listen;
  std::shared_ptr<const session::KnownCircuit> circuit = nullptr;  // where cars without positions are placed
  bool is_live = false;  // `source` is only a name: the source itself is given to open()
  std::function<serve::FeedMeasurements()> measure_feed = {};  // of a live source
};

class Replay {
  struct Private {};  // only open() can name it, so only open() can construct

 public:
  Replay(Private, const ReplayPlan& plan);
  // Opens everything, starts sink and server. Errors name the file, folder or address.
  static Result<std::unique_ptr<Replay>> open(const ReplayPlan& plan);
  // The same with a source that is open already.
  static Result<std::unique_ptr<Replay>> open(const ReplayPlan& plan, std::unique_ptr<feed::Source> source);
  ~Replay();

  // Publishes the source from its beginning to its end.
  Result<void> run(const std::stop_token& stop);
  // Publishes another source behind the first: the archive of the session that was live.
  Result<void> run_behind(std::unique_ptr<feed::Source> source, const std::stop_token& stop);
  // Waits until the sink has loaded all that is on the bus. Nothing to do without a warehouse.
  Result<warehouse::SinkCounts> finish_sink();

  std::uint16_t port() const { return app_ ? app_->port() : 0; }
  // Of all sessions.
  PublishCounts counts() const;
  std::int64_t broken_count() const { return broken_count_; }
  const std::string& source_name() const { return source_->info().name; }

 private:
  Result<void> open_stages();
  Result<void> begin_session();
  Result<void> end_session();
  Result<void> take(feed::SourceItem& item);
  void show_edge_until(const std::stop_token& stop);
  void show_edge();
  Result<void> put_out();

  const ReplayPlan plan_;
  Pace pace_;
  std::unique_ptr<feed::Source> source_;
  std::vector<std::unique_ptr<feed::Source>> ended_sources_;  // a live one is measured to the end
  std::unique_ptr<bus::Bus> bus_;
  session::SessionSplitter splitter_;
  std::unique_ptr<session::Engine> engine_;
  session::Output output_;
  std::unique_ptr<BusPublisher> publisher_;
  PublishCounts earlier_counts_;  // of the sessions before
  std::int64_t message_count_ = 0, broken_count_ = 0;
  std::string first_reason_;
  // The session that runs, for edge_thread_.
  struct Shown {
    std::int64_t session_key = 0;  // 0: not known yet
    std::int64_t base_ms = 0;      // where it begins in the source
  };
  Shown shown() const;
  void show(std::int64_t session_key);
  mutable std::mutex shown_mutex_;
  Shown shown_;
  std::mutex edge_mutex_;  // of what the hub was told last
  Shown edge_shown_;
  std::int64_t edge_ms_ = 0;
  std::int64_t length_shown_ = 0;   // the session whose length was told
  std::optional<Outlook> outlook_;  // not of a live source
  std::atomic<bool> has_ended_{false};
  std::unique_ptr<warehouse::Warehouse> warehouse_;
  std::unique_ptr<SqlSocket> sql_socket_;
  Result<warehouse::SinkCounts> sink_result_;
  std::unique_ptr<serve::Hub> hub_;
  std::unique_ptr<serve::WebApp> app_;
  // Last: they end before what they use goes.
  std::jthread sink_thread_, edge_thread_;
};

}  // namespace slipstream::cli
