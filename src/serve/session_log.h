// A session's records in the order in which a viewer may know them.
//
// Every entry has `known_ms`: the session time of the feed message that caused the record (the bus header
// session_time). Views are folds of the entries with known_ms <= cursor, so nothing else decides what leaves
// the server. Telemetry dominates (a race: 1.4 million samples) and is kept apart, 28 bytes each; a sample is
// known not before `sample_delay_ms` after it was taken: F1 sends samples of a whole second in one message,
// and held back to one rhythm the cars move evenly instead of jumping once a second.
//
// Partitions of the bus are read one after the other, so entries come a little out of order: add() only notes
// them, settle() sorts them in (stable: of one session time, what came first stays first). Rows never move in
// memory; what points to them (views, keyframes) stays good as long as the log lives.
//
// Source   measured in the 2025 Mexico City qualifying: 99.9 % of the samples reach us within 1059 ms.
// Thread rule: one thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <set>
#include <span>
#include <string>
#include <tuple>
#include <variant>
#include <vector>

#include "record/codec.h"
#include "record/rows.h"

namespace slipstream::serve {

inline constexpr std::int64_t sample_delay_ms = 1100;

// Which of two records of one key counts: the higher build, then the higher revision.
struct Version {
  const std::string* build = nullptr;  // builds of one log are interned; nullptr is below all
  std::int32_t revision = 0;
};
bool is_below(const Version& a, const Version& b);

// A row that lives in the log.
using RowPointer =
    std::variant<const record::Session*, const record::Driver*, const record::Lap*, const record::Timing*,
                 const record::MiniSector*, const record::Stint*, const record::Weather*,
                 const record::RaceControl*, const record::TrackStatus*, const record::SessionStatus*,
                 const record::SessionPart*, const record::TeamRadio*, const record::LapCount*,
                 const record::SessionClock*, const record::PitStop*, const record::Penalty*,
                 const record::SessionResult*>;

struct RowEntry {
  std::int64_t known_ms = 0;
  Version version;
  RowPointer row;
  bool is_withdrawn = false;
};

// One telemetry sample without what a map and a speed need not.
struct SampleEntry {
  enum class Kind : std::uint8_t { car, position };
  struct Position {
    std::int32_t x_dm, y_dm;
  };
  struct Car {
    std::int16_t rpm, speed_kmh, throttle_pct, drs;
  };
  static constexpr std::int16_t unknown = -1;

  std::int32_t known_ms = 0;
  std::int32_t session_time_ms = 0;  // when it was taken
  std::int16_t driver_number = 0;
  Kind kind = Kind::car;
  // kind position: status is an index into SessionLog::status_text, and has_position tells x and y from
  // unknown.
  std::uint8_t status = 0;
  bool has_position = false;
  bool is_estimated = false;         // the place was reckoned from timing, no car sent it
  std::int8_t is_braking = unknown;  // kind car from here on: unknown, 0 or 1
  std::int16_t gear = unknown;
  union {
    Position position{0, 0};
    Car car;
  };
};
static_assert(sizeof(SampleEntry) <= 32);

class SessionLog {
 public:
  explicit SessionLog(SessionKey session_key) : session_key_(session_key) {}
  SessionKey session_key() const { return session_key_; }

  // Notes a record. Returns false for rows that no view shows: they are not kept.
  bool add(const record::DecodedRecord& record, std::int64_t session_time_ms);

  // Sorts in what was added since the last call.
  void settle();

  // The settled entries, ascending by known_ms.
  std::span<const RowEntry> rows() const { return rows_; }
  std::span<const SampleEntry> samples() const { return samples_; }

  // Where late entries went in: a fold that had passed such a place has to begin anew (see Fold::is_stale).
  struct Disorder {
    std::size_t row_index = 0, sample_index = 0;
  };
  std::span<const Disorder> disorders() const { return disorders_; }

  // Of the settled entries; 0 and 0 while there are none.
  std::int64_t begin_ms() const;
  std::int64_t end_ms() const;
  // The session time of the newest record, settled or not; unlike end_ms() without the delay of the samples.
  std::int64_t newest_ms() const { return newest_ms_; }

  std::string_view status_text(std::uint8_t status) const { return statuses_[status]; }

 private:
  template <class Row>
  void add_row(const Row& row, const record::DecodedRecord& record, std::int64_t session_time_ms);
  void add_sample(const record::CarSample& row, std::int64_t session_time_ms);
  void add_sample(const record::PositionSample& row, std::int64_t session_time_ms);
  const std::string* intern_build(const std::string& build);
  std::uint8_t intern_status(std::string_view status);

  std::tuple<std::deque<record::Session>, std::deque<record::Driver>, std::deque<record::Lap>,
             std::deque<record::Timing>, std::deque<record::MiniSector>, std::deque<record::Stint>,
             std::deque<record::Weather>, std::deque<record::RaceControl>, std::deque<record::TrackStatus>,
             std::deque<record::SessionStatus>, std::deque<record::SessionPart>,
             std::deque<record::TeamRadio>, std::deque<record::LapCount>, std::deque<record::SessionClock>,
             std::deque<record::PitStop>, std::deque<record::Penalty>, std::deque<record::SessionResult>>
      storage_;
  SessionKey session_key_;
  std::set<std::string> builds_;
  std::vector<std::string> statuses_{""};
  std::vector<RowEntry> rows_, new_rows_;
  std::vector<SampleEntry> samples_, new_samples_;
  std::vector<Disorder> disorders_;
  std::int64_t newest_ms_ = 0;
};

}  // namespace slipstream::serve
