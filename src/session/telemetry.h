// CarData.z and Position.z: what every car did and where it was, some four times a second.
//
// Sample of an inflated CarData.z: {"Entries":[{"Utc":"2025-10-25T20:47:27.8784051Z","Cars":{"4":{"Channels":
// {"0":0,"2":0,"3":0,"4":104,"5":104,"45":8}}}}]}; of Position.z: {"Position":[{"Timestamp":"...","Entries":
// {"4":{"Status":"OnTrack","X":-1234,"Y":567,"Z":22}}}]}, X, Y, Z in 1/10 m. The time inside is the real
// clock of a sample; the message's is coarse and repeats (C1). Pure; one thread at a time.
#pragma once

#include "feed/message.h"
#include "session/feed_topics.h"
#include "session/state.h"

namespace slipstream::session {

class TelemetryFold {
 public:
  TelemetryFold(Telemetry of_cars, Telemetry of_positions);

  // Publish a row a sample, if samples are wanted; where only the last revision of telemetry is, samples wait
  // in their car's track until its lap is closed (session/lap_telemetry.h). Errors: malformed; the samples
  // before the bad place are published.
  Result<void> fold_car_data(State& state, Publisher& publisher, const feed::Message& message);
  Result<void> fold_positions(State& state, Publisher& publisher, const feed::Message& message);

 private:
  Telemetry of_cars_, of_positions_;
};

}  // namespace slipstream::session
