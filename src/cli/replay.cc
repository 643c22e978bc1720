#include "cli/replay.h"

#include <fmt/core.h>
#include <malloc.h>
#include <chrono>
#include <utility>

#include "cli/outlook.h"

namespace slipstream::cli {
namespace {

constexpr auto edge_step = std::chrono::milliseconds(50);

}  // namespace

Replay::Replay(Private, const ReplayPlan& plan) : plan_(plan), pace_(plan.speed, plan.from) {}

Replay::~Replay() {
  edge_thread_.request_stop();
  sink_thread_.request_stop();
  if (app_) app_->stop();
}

Result<std::unique_ptr<Replay>> Replay::open(const ReplayPlan& plan) {
  auto source = feed::open_source(plan.source);
  if (!source) return tl::make_unexpected(source.error());
  return open(plan, std::move(*source));
}

Result<std::unique_ptr<Replay>> Replay::open(const ReplayPlan& plan, std::unique_ptr<feed::Source> source) {
  auto replay = std::make_unique<Replay>(Private{}, plan);
  replay->source_ = std::move(source);
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
  SLIP_TRY(begin_session());
  if (!plan_.db.empty()) {
    auto opened = warehouse::open_duckdb(plan_.db);
    if (!opened) return tl::make_unexpected(opened.error());
    warehouse_ = std::move(*opened);
    auto socket = SqlSocket::start(plan_.db, *warehouse_);
    if (!socket) return tl::make_unexpected(socket.error());
    sql_socket_ = std::move(*socket);
    sink_thread_ = std::jthread([this](const std::stop_token& stop) {
      sink_result_ = warehouse::Sink(*bus_, *warehouse_).run(stop);
    });
  }
  if (!plan_.listen) return {};
  hub_ = std::make_unique<serve::Hub>(serve::system_steady_clock());
  hub_->set_behind(!pace_.has_begun() && plan_.from > SessionTime{});
  auto app = serve::WebApp::start(*hub_, bus_.get(), *plan_.listen, serve::web_assets(), plan_.measure_feed);
  if (!app) return tl::make_unexpected(app.error());
  app_ = std::move(*app);
  edge_thread_ = std::jthread([this](const std::stop_token& stop) { show_edge_until(stop); });
  return {};
}

Result<void> Replay::begin_session() {
  session::EngineOptions options{source_->info().name, source_->info().kind};
  options.circuit = plan_.circuit;
  engine_ = std::make_unique<session::Engine>(std::move(options));
  publisher_ = std::make_unique<BusPublisher>(*bus_, *engine_);
  show(0);
  return publisher_->make_topics();
}

Result<void> Replay::end_session() {
  engine_->finish(output_);
  SLIP_TRY(publisher_->publish(output_));
  SLIP_TRY(publisher_->flush());
  show(engine_->session_key().value);
  return {};
}

Replay::Shown Replay::shown() const {
  const std::scoped_lock lock(shown_mutex_);
  return shown_;
}

void Replay::show(std::int64_t session_key) {
  const std::scoped_lock lock(shown_mutex_);
  shown_ = {session_key, splitter_.base().count()};
}

PublishCounts Replay::counts() const {
  const PublishCounts last = publisher_->counts();
  return {earlier_counts_.published + last.published, earlier_counts_.skipped + last.skipped};
}

void Replay::show_edge_until(const std::stop_token& stop) {
  if (!plan_.is_live) {
    auto outlook = look_ahead(plan_.source);
    const std::scoped_lock lock(edge_mutex_);
    if (outlook) outlook_ = *outlook;
  }
  while (!stop.stop_requested()) {
    show_edge();
    std::this_thread::sleep_for(edge_step);
  }
}

// Tells the hub how far the replay has come, and how long the session is; nothing before it has begun.
void Replay::show_edge() {
  if (!hub_) return;
  const std::scoped_lock lock(edge_mutex_);
  const double speed = plan_.speed.value_or(1);
  // In this order: who has begun has published all that comes before.
  const bool has_begun = pace_.has_begun() || has_ended_;
  const Shown now = has_begun ? shown() : Shown{};
  const std::int64_t edge_ms = pace_.session_time().count() - now.base_ms;
  if (now.session_key != 0 && now.session_key != edge_shown_.session_key) {
    // The session before is over.
    if (edge_shown_.session_key != 0) {
      hub_->set_edge(SessionKey(edge_shown_.session_key), edge_ms_, serve::Mode::archive, speed);
    }
    edge_shown_ = now;
  }
  if (outlook_ && now.session_key != 0 && now.session_key != length_shown_) {
    hub_->set_length(SessionKey(now.session_key), outlook_->length.count() - now.base_ms);
    length_shown_ = now.session_key;
  }
  if (now.session_key != 0) {
    const auto running = plan_.is_live ? serve::Mode::live : serve::Mode::replay;
    const auto mode = has_ended_ ? serve::Mode::archive : running;
    hub_->set_edge(SessionKey(now.session_key), edge_ms, mode, speed);
    edge_ms_ = edge_ms;
  }
  if (now.session_key != 0 || has_ended_) hub_->set_behind(false);
}

Result<void> Replay::take(feed::SourceItem& item) {
  const session::Belongs belongs = splitter_.take(item);
  if (belongs == session::Belongs::left_session) return {};
  if (belongs == session::Belongs::next_session) {
    SLIP_TRY(end_session());
    earlier_counts_ = counts();
    SLIP_TRY(begin_session());
    // What the session before took lies free in pieces, which the allocator by itself keeps.
    ::malloc_trim(0);
  }
  if (const auto* message = std::get_if<feed::Message>(&item)) {
    ++message_count_;
    engine_->apply(*message, output_);
  } else {
    const auto& broken = std::get<feed::BrokenInput>(item);
    if (broken_count_++ == 0) first_reason_ = broken.reason;
    engine_->reject(broken, output_);
  }
  SLIP_TRY(publisher_->publish(output_));
  show(engine_->session_key().value);
  return {};
}

// What waits, for viewers who are at the edge: they see it as soon as it is read from the bus.
Result<void> Replay::put_out() {
  show_edge();
  return publisher_->flush();
}

Result<void> Replay::run(const std::stop_token& stop) {
  feed::SourceItem item;
  while (true) {
    if (source_->is_waiting()) SLIP_TRY(put_out());
    const auto has_item = source_->next(item);
    if (!has_item) return tl::make_unexpected(has_item.error());
    if (!*has_item) break;
    const auto* message = std::get_if<feed::Message>(&item);
    if (message && plan_.speed && message->session_time >= plan_.from) SLIP_TRY(put_out());
    if (message && !pace_.wait_for(message->session_time, stop)) break;
    SLIP_TRY(take(item));
  }
  if (message_count_ == 0 && !stop.stop_requested()) {
    return fail(Errc::malformed,
                fmt::format("{}: no message could be decoded ({})", plan_.source, first_reason_));
  }
  if (!stop.stop_requested()) SLIP_TRY(end_session());
  SLIP_TRY(publisher_->flush());
  SLIP_TRY(bus_->flush());
  has_ended_ = true;
  return {};
}

Result<void> Replay::run_behind(std::unique_ptr<feed::Source> source, const std::stop_token& stop) {
  earlier_counts_ = counts();
  ended_sources_.push_back(std::exchange(source_, std::move(source)));
  splitter_ = {};
  message_count_ = 0;
  SLIP_TRY(begin_session());
  return run(stop);
}

Result<warehouse::SinkCounts> Replay::finish_sink() {
  if (!sink_thread_.joinable()) return warehouse::SinkCounts{};
  sink_thread_.request_stop();
  sink_thread_.join();
  return sink_result_;
}

}  // namespace slipstream::cli
