// Laps on the log against what really happened: how many the feed has timed, and how many of those are wrong.
//
// A lap is wrong if its time or the time of a sector is not the truth's. What the feed does not say is no
// error: it times neither the first lap of a race, which is reckoned from when messages came, nor what it
// loses. Only the record that counts is
// looked at (docs/tables.md, "Build and revision"), so a lap that is corrected is right again. Thread rule:
// any thread.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "bus/bus.h"
#include "record/codec.h"
#include "record/rows.h"

namespace slipstream::cli {

class LapCheck {
 public:
  struct Counts {
    std::int64_t laps = 0, errors = 0;
    bool operator==(const Counts&) const = default;
  };

  // The laps of one session. The bus must outlive this.
  LapCheck(bus::Bus& bus, const std::vector<record::Lap>& truth);

  // Reads what is new on the log, and counts. A record that cannot be read is left to those who report it.
  Counts count();

 private:
  using Key = std::pair<record::Int, record::Int>;  // driver number, lap number
  struct Said {
    std::string build;
    std::int32_t revision = 0;
    bool has_time = false, is_wrong = false;
  };

  void read(Partition partition, Offset& next);
  void take(const record::DecodedRecord& record, const record::Lap& lap);

  bus::Bus& bus_;
  std::map<Key, record::Lap> truth_;
  std::mutex mutex_;
  record::Decoder decoder_;
  std::vector<Offset> next_;  // by partition
  std::map<Key, Said> said_;
};

}  // namespace slipstream::cli
