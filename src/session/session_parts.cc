#include "session/session_parts.h"

#include <algorithm>

namespace slipstream::session {
namespace {

// The part that the feed had spoken of by then; parts never go back.
Int hinted_part(std::span<const PartHint> hints, Int session_time_ms) {
  Int part = 0;
  for (const PartHint& hint : hints) {
    if (hint.session_time_ms <= session_time_ms) part = std::max(part, hint.part);
  }
  return part;
}

}  // namespace

std::vector<record::SessionPart> build_parts(std::span<const StatusChange> status,
                                             std::span<const PartHint> hints, bool is_qualifying) {
  std::vector<record::SessionPart> parts;
  optional<Int> aborted_ms;
  bool has_ended = false;  // the last part
  for (const StatusChange& change : status) {
    const Int at_ms = change.session_time_ms;
    if (change.status == "Started") {
      const Int hinted = is_qualifying ? hinted_part(hints, at_ms) : 0;
      const bool is_next =
          parts.empty() || (is_qualifying && (has_ended || hinted > parts.back().part_number));
      if (is_next) {
        // A red flag can end a part for good: then its end is the flag's.
        if (!parts.empty() && !has_ended) parts.back().to_session_time_ms = aborted_ms.value_or(at_ms);
        record::SessionPart part;
        part.part_number = std::max(hinted, parts.empty() ? 1 : parts.back().part_number + 1);
        part.from_session_time_ms = at_ms;
        parts.push_back(part);
      } else {
        parts.back().to_session_time_ms.reset();
      }
      has_ended = false;
      aborted_ms.reset();
    } else if (change.status == "Aborted" && !has_ended) {
      aborted_ms = at_ms;
    } else if (change.status == "Finished" || change.status == "Finalised" || change.status == "Ends") {
      if (!parts.empty() && !has_ended) parts.back().to_session_time_ms = at_ms;
      has_ended = true;
    }
  }
  return parts;
}

}  // namespace slipstream::session
