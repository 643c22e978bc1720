#include "session/logs.h"

#include <algorithm>

namespace slipstream::session {

using Kind = CarEvent::Kind;

void CarLog::add(const CarEvent& event) {
  const bool is_screen =
      event.kind == Kind::position || event.kind == Kind::gap || event.kind == Kind::interval;
  const bool is_of_road =
      event.kind == Kind::in_pit || event.kind == Kind::stopped || event.kind == Kind::retired;
  if (is_of_road) road_events.push_back(event);
  if (!is_screen) return events.push_back(event);
  add_to_screen(event);
  if (event.kind == Kind::position || event.value != CarEvent::cleared) add_sent_gap(event);
}

void CarLog::add_to_screen(const CarEvent& event) {
  if (screens.empty() || screens.back().message_number != event.message_number) {
    Screen next = screens.empty() ? Screen{} : screens.back();
    next.session_time_ms = event.session_time_ms;
    next.message_number = event.message_number;
    next.latest_ms =
        screens.empty() ? event.session_time_ms : std::max(next.latest_ms, event.session_time_ms);
    screens.push_back(next);
  }
  Screen& screen = screens.back();
  if (event.kind == Kind::position) screen.position = event.value;
  else if (event.kind == Kind::gap) screen.gap = event.value;
  else screen.interval = event.value;
}

void CarLog::add_sent_gap(const CarEvent& event) {
  if (event.kind == Kind::gap) last_gap_ = event.value;
  has_led = has_led || last_gap_ == CarEvent::leads;
  if (gap_message_ != event.message_number) {
    const auto place =
        std::ranges::upper_bound(sent_gaps, event.session_time_ms, {}, &SentGap::session_time_ms);
    gap_at_ = static_cast<std::size_t>(place - sent_gaps.begin());
    sent_gaps.insert(place, {event.session_time_ms, last_gap_});
    gap_message_ = event.message_number;
  }
  sent_gaps[gap_at_].gap = last_gap_;
}

}  // namespace slipstream::session
