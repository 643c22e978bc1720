// Rain that comes and goes, how wet the track is, and what the weather station says once a minute.
// Pure; safe from any thread.
#pragma once

#include <vector>

#include "record/rows.h"
#include "simulate/random.h"

namespace slipstream::simulate {

class Sky {
 public:
  Sky() = default;
  Sky(std::uint64_t seed, double rain_probability, std::int32_t span_ms);

  // 0 dry to 1 flooded.
  double wetness(std::int32_t session_time_ms) const;
  bool is_raining(std::int32_t session_time_ms) const;
  // One row a minute until `end_ms`.
  std::vector<record::Weather> rows(SessionKey key, std::int32_t end_ms) const;

 private:
  struct Shower {
    std::int32_t from_ms = 0, to_ms = 0;
    double strength = 0;
  };
  std::uint64_t seed_ = 0;
  std::vector<Shower> showers_;
  std::vector<double> wetness_;  // every ten seconds
};

}  // namespace slipstream::simulate
