#include "cli/source_publisher.h"

#include <malloc.h>

#include <utility>
#include <variant>

namespace slipstream::cli {

SourcePublisher::SourcePublisher(bus::Bus& bus, feed::SourceInfo info,
                                 std::shared_ptr<const session::KnownCircuit> circuit, PublishTotals& totals,
                                 OnSession on_session)
    : bus_(bus),
      info_(std::move(info)),
      circuit_(std::move(circuit)),
      totals_(totals),
      on_session_(std::move(on_session)) {}

Result<void> SourcePublisher::begin() { return begin_session(); }

Result<void> SourcePublisher::begin_session() {
  session::EngineOptions options{info_.name, info_.kind};
  options.circuit = circuit_;
  engine_ = std::make_unique<session::Engine>(std::move(options));
  publisher_ = std::make_unique<BusPublisher>(bus_, *engine_);
  noted_ = {};
  tell();
  return publisher_->make_topics();
}

Result<void> SourcePublisher::end_session() {
  engine_->finish(output_);
  SLIP_TRY(publish());
  return flush();
}

Result<void> SourcePublisher::end() { return end_session(); }

Result<void> SourcePublisher::take(feed::SourceItem& item) {
  const session::Belongs belongs = splitter_.take(item);
  if (belongs == session::Belongs::left_session) return {};
  if (belongs == session::Belongs::next_session) {
    SLIP_TRY(end_session());
    SLIP_TRY(begin_session());
    // What the session before took lies free in pieces, which the allocator by itself keeps.
    ::malloc_trim(0);
  }
  if (const auto* message = std::get_if<feed::Message>(&item)) {
    ++message_count_;
    ++totals_.messages;
    engine_->apply(*message, output_);
  } else {
    const auto& broken = std::get<feed::BrokenInput>(item);
    ++totals_.broken;
    if (first_reason_.empty()) first_reason_ = broken.reason;
    engine_->reject(broken, output_);
  }
  return publish();
}

Result<void> SourcePublisher::publish() {
  tell();
  SLIP_TRY(publisher_->publish(output_));
  note_counts();
  return {};
}

Result<void> SourcePublisher::flush() {
  SLIP_TRY(publisher_->flush());
  note_counts();
  return {};
}

void SourcePublisher::tell() {
  const Session now{engine_->session_key(), splitter_.base()};
  if (told_ == now || !on_session_) return;
  told_ = now;
  on_session_(now);
}

void SourcePublisher::note_counts() {
  const PublishCounts counts = publisher_->counts();
  totals_.published += counts.published - noted_.published;
  totals_.skipped += counts.skipped - noted_.skipped;
  noted_ = counts;
}

}  // namespace slipstream::cli
