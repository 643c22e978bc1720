#include "cli/rows_behind.h"

#include <utility>

#include "record/telemetry.h"

namespace slipstream::cli {
namespace {

// A lap's telemetry is some 600 rows of 200 bytes, so this is a few laps.
constexpr std::size_t output_count = 8;
// Rows that come one by one wait for telemetry, or for so many messages.
constexpr std::size_t messages_gathered_max = 512;

}  // namespace

RowsBehind::RowsBehind(SessionRows& rows) : filled_(output_count), emptied_(output_count) {
  for (std::size_t i = 0; i < output_count; ++i) emptied_.push({});
  thread_ = std::jthread([this, &rows] {
    while (auto output = filled_.pop()) {
      rows.take(*output);
      emptied_.push(std::move(*output));
    }
  });
}

RowsBehind::~RowsBehind() {
  filled_.close();
  emptied_.close();
}

void RowsBehind::take(session::Output& output) {
  if (!output.is_touched()) return;
  ++gathered_;
  if (output.count<record::Telemetry>() > 0 || gathered_ >= messages_gathered_max) hand_over(output);
}

void RowsBehind::finish(session::Output& output) {
  hand_over(output);
  filled_.close();
  thread_.join();
}

void RowsBehind::hand_over(session::Output& output) {
  gathered_ = 0;
  auto emptied = emptied_.pop();
  SLIP_CHECK(emptied);  // the other thread gives back each
  filled_.push(std::exchange(output, std::move(*emptied)));
}

}  // namespace slipstream::cli
