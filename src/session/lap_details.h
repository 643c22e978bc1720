// What a lap's row says beyond its times: tyres, track status, deletion, accuracy. Included by
// session/laps.cc only.
#pragma once

#include <vector>

#include "session/lap_draft.h"
#include "session/logs.h"

namespace slipstream::session {

// Stint, compound, age and freshness of every lap, from the car's stint messages (lap_tyres.cc).
void set_tyres(std::vector<record::Lap>& laps, const CarLog& car, const SessionLog& session);
// Every track status seen during a lap, in order of appearance.
void set_track_status(std::vector<record::Lap>& laps, const SessionLog& session);
// Laps that race control deleted, with the reason; clears is_personal_best there.
void set_deleted(std::vector<record::Lap>& laps, const SessionLog& session);
// Speeds that F1 did not send again because they were equal.
void fill_speeds(std::vector<record::Lap>& laps);
void set_accuracy(std::vector<record::Lap>& laps);
void set_lap_kinds(std::vector<record::Lap>& laps, const SessionLog& session);
// Position, gap and interval as the timing screen had them when the lap ended.
void set_timing_screen(std::vector<record::Lap>& laps, const std::vector<LapDraft>& drafts,
                       const CarLog& car);

}  // namespace slipstream::session
