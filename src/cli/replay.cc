#include "cli/replay.h"

#include <fmt/core.h>
#include <chrono>

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
  auto replay = std::make_unique<Replay>(Private{}, plan);
  SLIP_TRY(replay->open_stages());
  return replay;
}

Result<void> Replay::open_stages() {
  auto source = feed::open_source(plan_.source);
  if (!source) return tl::make_unexpected(source.error());
  source_ = std::move(*source);
  if (plan_.bus.empty()) {
    bus_ = bus::make_memory_bus();
  } else {
    auto bus = bus::open_embedded_bus(plan_.bus);
    if (!bus) return tl::make_unexpected(bus.error());
    bus_ = std::move(*bus);
  }
  engine_ =
      std::make_unique<session::Engine>(session::EngineOptions{source_->info().name, source_->info().kind});
  publisher_ = std::make_unique<BusPublisher>(*bus_, *engine_);
  SLIP_TRY(publisher_->make_topics());
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
  auto app = serve::WebApp::start(*hub_, bus_.get(), *plan_.listen, serve::web_assets());
  if (!app) return tl::make_unexpected(app.error());
  app_ = std::move(*app);
  edge_thread_ = std::jthread([this](const std::stop_token& stop) { show_edge(stop); });
  return {};
}

// Tells the hub how far the replay has come, and how long the session is.
void Replay::show_edge(const std::stop_token& stop) {
  const auto outlook = look_ahead(plan_.source);
  bool has_length = false;
  while (!stop.stop_requested()) {
    const std::int64_t key = session_key_;
    if (key != 0 && !has_length && outlook) {
      hub_->set_length(SessionKey(key), outlook->length.count());
      has_length = true;
    }
    if (key != 0) {
      const auto mode = has_ended_ ? serve::Mode::archive : serve::Mode::replay;
      hub_->set_edge(SessionKey(key), pace_.session_time().count(), mode, plan_.speed.value_or(1));
    }
    std::this_thread::sleep_for(edge_step);
  }
}

Result<void> Replay::take(const feed::SourceItem& item) {
  if (const auto* message = std::get_if<feed::Message>(&item)) {
    ++message_count_;
    engine_->apply(*message, output_);
  } else {
    const auto& broken = std::get<feed::BrokenInput>(item);
    if (broken_count_++ == 0) first_reason_ = broken.reason;
    engine_->reject(broken, output_);
  }
  SLIP_TRY(publisher_->publish(output_));
  session_key_ = engine_->session_key().value;
  return {};
}

Result<void> Replay::run(const std::stop_token& stop) {
  feed::SourceItem item;
  while (true) {
    const auto has_item = source_->next(item);
    if (!has_item) return tl::make_unexpected(has_item.error());
    if (!*has_item) break;
    const auto* message = std::get_if<feed::Message>(&item);
    if (message && plan_.speed && message->session_time >= plan_.from) SLIP_TRY(publisher_->flush());
    if (message && !pace_.wait_for(message->session_time, stop)) break;
    SLIP_TRY(take(item));
  }
  if (message_count_ == 0 && !stop.stop_requested()) {
    return fail(Errc::malformed,
                fmt::format("{}: no message could be decoded ({})", plan_.source, first_reason_));
  }
  if (!stop.stop_requested()) {
    engine_->finish(output_);
    SLIP_TRY(publisher_->publish(output_));
    session_key_ = engine_->session_key().value;
  }
  SLIP_TRY(publisher_->flush());
  SLIP_TRY(bus_->flush());
  has_ended_ = true;
  return {};
}

Result<warehouse::SinkCounts> Replay::finish_sink() {
  if (!sink_thread_.joinable()) return warehouse::SinkCounts{};
  sink_thread_.request_stop();
  sink_thread_.join();
  return sink_result_;
}

}  // namespace slipstream::cli
