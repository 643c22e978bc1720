#include "cli/replay.h"

#include <fmt/core.h>
#include <utility>

#include "record/table.h"

namespace slipstream::cli {
namespace {

constexpr auto edge_step = std::chrono::milliseconds(50);
constexpr std::int64_t before_everything_ms = -1;

std::int64_t utc_now_ms() {
  using namespace std::chrono;
  return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

Result<std::int64_t> count_rows(warehouse::Warehouse& warehouse) {
  std::string sql;
  for (const record::TableSpec& table : record::all_tables()) {
    sql += fmt::format("{}select count(*) as n from staging.stg_{}", sql.empty() ? "" : " union all ",
                       table.name);
  }
  const auto counted = warehouse.query(fmt::format("select sum(n)::bigint from ({})", sql));
  if (!counted) return tl::make_unexpected(counted.error());
  return std::stoll(std::string(counted->columns[0].cell(0).value_or("0")));
}

Error no_message(const feed::Source& source, const SourcePublisher& publisher) {
  return {Errc::malformed,
          fmt::format("{}: no message could be decoded ({})", source.info().name, publisher.first_reason())};
}

}  // namespace

Replay::Replay(Private, const ReplayPlan& plan) : plan_(plan), pace_(plan.speed, plan.from) {}

Replay::~Replay() {
  edge_thread_.request_stop();
  sink_thread_.request_stop();
  if (app_) app_->stop();
}

Result<std::unique_ptr<Replay>> Replay::open(const ReplayPlan& plan) {
  auto replay = std::make_unique<Replay>(Private{}, plan);
  SLIP_TRY(replay->open_stages());
  return replay;
}

Result<void> Replay::open_stages() {
  if (plan_.bus.empty()) {
    // Only the page reads it, and keeps what it shows.
    bus_ = bus::make_memory_bus(plan_.listen && plan_.db.empty() ? bus::Keep::unread : bus::Keep::everything);
  } else {
    auto bus = bus::open_embedded_bus(plan_.bus);
    if (!bus) return tl::make_unexpected(bus.error());
    bus_ = std::move(*bus);
  }
  if (!plan_.db.empty()) SLIP_TRY(open_warehouse());
  if (!plan_.truth.empty()) lap_check_ = std::make_unique<LapCheck>(*bus_, plan_.truth);
  if (!plan_.listen) return {};
  hub_ = std::make_unique<serve::Hub>(serve::system_steady_clock());
  hub_->set_behind(!pace_.has_begun() && plan_.from > SessionTime{});
  hub_->set_delay(plan_.delay.count());
  serve::Reports reports = plan_.reports;
  reports.pipeline = [this] { return pipeline(); };
  auto app = serve::WebApp::start(*hub_, bus_.get(), *plan_.listen, serve::web_assets(), std::move(reports));
  if (!app) return tl::make_unexpected(app.error());
  app_ = std::move(*app);
  edge_thread_ = std::jthread([this](const std::stop_token& stop) { show_edges(stop); });
  return {};
}

Result<void> Replay::open_warehouse() {
  auto opened = warehouse::open_duckdb(plan_.db);
  if (!opened) return tl::make_unexpected(opened.error());
  warehouse_ = std::move(*opened);
  const auto rows = count_rows(*warehouse_);
  if (!rows) return tl::make_unexpected(rows.error());
  rows_before_ = *rows;
  auto socket = SqlSocket::start(plan_.db, *warehouse_);
  if (!socket) return tl::make_unexpected(socket.error());
  sql_socket_ = std::move(*socket);
  warehouse::SinkOptions options;
  options.clock = utc_now_ms;
  sink_ = std::make_unique<warehouse::Sink>(*bus_, *warehouse_, std::move(options));
  sink_thread_ = std::jthread([this](const std::stop_token& stop) { sink_result_ = sink_->run(stop); });
  return {};
}

serve::Pipeline Replay::pipeline() const {
  serve::Pipeline pipeline;
  pipeline.messages = totals_.messages;
  pipeline.records = totals_.published + totals_.skipped;
  if (sink_) {
    const warehouse::SinkProgress progress = sink_->progress();
    pipeline.rows = rows_before_ + progress.rows;
    pipeline.lag_ms = progress.lag_ms;
  }
  if (lap_check_) {
    const LapCheck::Counts laps = lap_check_->count();
    pipeline.laps_checked = laps.laps;
    pipeline.lap_errors = laps.errors;
  }
  return pipeline;
}

// Of a session that viewers are kept behind nothing may be seen before its time: hidden before its first
// record is on the log.
void Replay::show(const SourcePublisher::Session& session) {
  if (hub_ && plan_.delay.count() > 0 && session.key.value != 0) {
    hub_->set_edge(session.key, before_everything_ms, serve::Mode::live, 1);
  }
  const std::scoped_lock lock(shown_mutex_);
  shown_ = session;
}

// How far the session that runs has come; nothing before it has begun. With the lock.
std::optional<Replay::Edge> Replay::edge() const {
  // In this order: who has begun has published all that comes before.
  if (!pace_.has_begun() && !has_ended_) return std::nullopt;
  const SessionTime now = pace_.session_time();
  if (shown_.key.value == 0) return std::nullopt;
  return Edge{shown_.key, (now - shown_.base).count(),
              plan_.is_live ? serve::Mode::live : serve::Mode::replay};
}

// The last one of a source is noted by who publishes: another source may begin at once.
void Replay::note_edge(bool is_last) {
  const std::scoped_lock lock(shown_mutex_);
  if (has_ended_) return;
  has_ended_ = is_last;
  auto now = edge();
  if (!now) return;
  if (is_last) now->mode = serve::Mode::archive;
  edges_.emplace_back(std::chrono::steady_clock::now(), *now);
}

// What was so `delay` ago.
std::optional<Replay::Edge> Replay::take_due_edge() {
  const auto now = std::chrono::steady_clock::now();
  const std::scoped_lock lock(shown_mutex_);
  if (edges_.empty() || now - edges_.front().first < plan_.delay) return std::nullopt;
  const Edge due = edges_.front().second;
  edges_.pop_front();
  return due;
}

void Replay::show(const Edge& edge, const std::optional<Edge>& before, const Result<Outlook>& outlook) {
  const double speed = plan_.speed.value_or(1);
  if (!before || before->key != edge.key) {
    // The session before is over.
    if (before) hub_->set_edge(before->key, before->ms, serve::Mode::archive, speed);
    const std::scoped_lock lock(shown_mutex_);
    if (outlook) hub_->set_length(edge.key, (outlook->length - shown_.base).count());
  }
  hub_->set_edge(edge.key, edge.ms, edge.mode, speed);
}

// Tells the hub what viewers may see.
void Replay::show_edges(const std::stop_token& stop) {
  const auto outlook =
      plan_.is_live ? Result<Outlook>(fail(Errc::not_found, "live")) : look_ahead(plan_.source);
  std::optional<Edge> last;
  std::uint64_t seen = 0;
  while (!stop.stop_requested()) {
    const bool has_ended = has_ended_;
    note_edge(false);
    bool is_shown = false;
    while (const auto due = take_due_edge()) {
      show(*due, last, outlook);
      last = due;
      is_shown = true;
    }
    if (is_shown || has_ended) hub_->set_behind(false);
    if (is_shown) app_->look_soon();
    seen = edge_noted_.wait(seen, edge_step, stop);
  }
}

// What waits, and how far it goes: viewers at the edge see it as soon as it is read from the bus.
Result<void> Replay::put_out(SourcePublisher& publisher) {
  if (hub_) {
    note_edge(false);
    edge_noted_.announce();
  }
  return publisher.flush();
}

Result<void> Replay::run(feed::Source& source, const std::stop_token& stop) {
  show(SourcePublisher::Session{});
  pace_.restart();
  has_ended_ = false;
  SourcePublisher publisher(*bus_, source.info(), plan_.circuit, totals_,
                            [this](const SourcePublisher::Session& session) { show(session); });
  SLIP_TRY(publisher.begin());
  feed::SourceItem item;
  while (true) {
    if (source.is_waiting()) SLIP_TRY(put_out(publisher));
    const auto has_item = source.next(item);
    if (!has_item) return tl::make_unexpected(has_item.error());
    if (!*has_item) break;
    const auto* message = std::get_if<feed::Message>(&item);
    if (message && plan_.speed && message->session_time >= plan_.from) SLIP_TRY(put_out(publisher));
    if (message && !pace_.wait_for(message->session_time, stop)) break;
    SLIP_TRY(publisher.take(item));
  }
  if (!stop.stop_requested()) {
    if (publisher.message_count() == 0) return tl::make_unexpected(no_message(source, publisher));
    SLIP_TRY(publisher.end());
  }
  SLIP_TRY(publisher.flush());
  SLIP_TRY(bus_->flush());
  note_edge(true);
  return {};
}

Result<void> Replay::publish(feed::Source& source, const std::stop_token& stop) {
  SourcePublisher publisher(*bus_, source.info(), plan_.circuit, totals_);
  SLIP_TRY(publisher.begin());
  feed::SourceItem item;
  while (!stop.stop_requested()) {
    const auto has_item = source.next(item);
    if (!has_item) return tl::make_unexpected(has_item.error());
    if (!*has_item) break;
    SLIP_TRY(publisher.take(item));
  }
  if (!stop.stop_requested()) {
    if (publisher.message_count() == 0) return tl::make_unexpected(no_message(source, publisher));
    SLIP_TRY(publisher.end());
  }
  SLIP_TRY(publisher.flush());
  return bus_->flush();
}

Result<warehouse::SinkCounts> Replay::finish_sink() {
  if (!sink_thread_.joinable()) return warehouse::SinkCounts{};
  sink_thread_.request_stop();
  sink_thread_.join();
  return sink_result_;
}

}  // namespace slipstream::cli
