// A replay: source -> engine -> bus, at some pace; beside it, each on its own threads, the sink that loads
// the bus into a warehouse and the server that shows it. Live is the same with other sources
// (live_command.cc, up_command.cc).
//
// run() on one thread, publish() on any; both return when the source has ended or `stop` came.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "bus/bus.h"
#include "cli/lap_check.h"
#include "cli/outlook.h"
#include "cli/pace.h"
#include "cli/source_publisher.h"
#include "cli/sql_socket.h"
#include "feed/source.h"
#include "net/server.h"
#include "serve/web_app.h"
#include "warehouse/sink.h"
#include "warehouse/warehouse.h"

namespace slipstream::cli {

struct ReplayPlan {
  std::string source;           // its name; what is recorded is looked through for its length
  std::optional<double> speed;  // nothing: as fast as it goes
  SessionTime from{};
  std::string bus;  // folder; empty: in memory
  std::string db;   // empty: no warehouse
  std::optional<net::ServerOptions> listen;
  std::shared_ptr<const session::KnownCircuit> circuit = nullptr;  // where cars without positions are placed
  bool is_live = false;
  std::chrono::milliseconds delay{0};   // how far all viewers are kept behind
  serve::Reports reports = {};          // of parts that a replay does not have
  std::vector<record::Lap> truth = {};  // of a simulated session: what its laps really were
};

class Replay {
  struct Private {};  // only open() can name it, so only open() can construct

 public:
  Replay(Private, const ReplayPlan& plan);
  // Opens everything, starts sink and server. Errors name the file, folder or address.
  static Result<std::unique_ptr<Replay>> open(const ReplayPlan& plan);
  ~Replay();

  // Publishes a source from its beginning to its end, at the plan's pace, and shows how far it has come. May
  // be called again with the next one. Errors: those of source and bus; malformed, no message could be
  // decoded.
  Result<void> run(feed::Source& source, const std::stop_token& stop);
  // Publishes a source as fast as it goes: the archive of a session that was live.
  Result<void> publish(feed::Source& source, const std::stop_token& stop);
  // Waits until the sink has loaded all that is on the bus. Nothing to do without a warehouse.
  Result<warehouse::SinkCounts> finish_sink();

  std::uint16_t port() const { return app_ ? app_->port() : 0; }
  const PublishTotals& totals() const { return totals_; }

 private:
  // What viewers may see of which session.
  struct Edge {
    SessionKey key;
    std::int64_t ms = 0;
    serve::Mode mode = serve::Mode::archive;
  };

  Result<void> open_stages();
  Result<void> open_warehouse();
  serve::Pipeline pipeline() const;
  void show(const SourcePublisher::Session& session);
  void show_edges(const std::stop_token& stop);
  std::optional<Edge> edge() const;
  void note_edge(bool is_last);
  std::optional<Edge> take_due_edge();
  Result<void> put_out(SourcePublisher& publisher);
  void show(const Edge& edge, const std::optional<Edge>& before, const Result<Outlook>& outlook);

  const ReplayPlan plan_;
  Pace pace_;
  std::unique_ptr<bus::Bus> bus_;
  PublishTotals totals_;
  mutable std::mutex shown_mutex_;                                            // for the two below
  SourcePublisher::Session shown_;                                            // the one that runs
  std::deque<std::pair<std::chrono::steady_clock::time_point, Edge>> edges_;  // that viewers wait for
  Wake edge_noted_;
  std::atomic<bool> has_ended_{false};
  std::unique_ptr<warehouse::Warehouse> warehouse_;
  std::unique_ptr<SqlSocket> sql_socket_;
  std::unique_ptr<warehouse::Sink> sink_;
  std::int64_t rows_before_ = 0;  // in the warehouse, before the sink began
  Result<warehouse::SinkCounts> sink_result_;
  std::unique_ptr<LapCheck> lap_check_;
  std::unique_ptr<serve::Hub> hub_;
  std::unique_ptr<serve::WebApp> app_;
  // Last: they end before what they use goes.
  std::jthread sink_thread_, edge_thread_;
};

}  // namespace slipstream::cli
