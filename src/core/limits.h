// Every limit of the program with its reason, in one place.
#pragma once

#include <cstddef>
#include <cstdint>

namespace slipstream::limits {

// One feed message. The largest real one, a reconnect snapshot with both .z topics, has 0.4 MB.
inline constexpr std::size_t message_bytes_max = 16u << 20;
// Messages of a recording that wait for a time stamp or for the snapshot of their connection. The most in a
// real one are five reconnect snapshots in a row, 60 messages with 0.4 MB.
inline constexpr std::size_t held_messages_max = 1024;
inline constexpr std::size_t held_bytes_max = 64u << 20;
// One inflated .z payload. Real ones have up to 0.3 MB; raw deflate can grow 1000-fold ("bomb").
inline constexpr std::size_t inflated_bytes_max = 32u << 20;
// Nesting of a feed document. Real ones have 8 levels.
inline constexpr int json_depth_max = 64;
// Members of one list that a patch may grow to by naming an index (P3): laps, stints and messages of a
// session stay far below; a hostile "999999999" must not allocate.
inline constexpr std::size_t list_members_max = 10'000;
// Cars of a session, whose numbers go to 99. Support series leak into the driver list, never beyond 40.
inline constexpr std::size_t cars_max = 200;
// Changes of one car's timing that are kept to build its laps from. The most in a sprint are 1,300.
inline constexpr std::size_t car_events_max = 50'000;
// Laps of one car. The most in a race are 78 (Monaco), in a day of tests under 200.
inline constexpr std::int32_t laps_max = 1000;
// Samples of one stream of one car that wait for the end of their lap: 50 minutes in the garage. Behind that
// they are outside laps.
inline constexpr std::size_t telemetry_samples_held_max = 12'000;
// Positions of one car that the circuit may be drawn from: a lap has some 400. A car that drives for ten
// minutes without ending a lap gives none.
inline constexpr std::size_t circuit_samples_held_max = 3000;
// Mini-sectors that a car came to since its lap before ended: a lap has some 25, each may change twice.
inline constexpr std::size_t mini_sector_marks_held_max = 500;
// Topics that a session's state is kept of. F1 has some 35.
inline constexpr std::size_t feed_topics_max = 200;
// Text kept of one rejected message or record, so that rejects cannot fill a disk.
inline constexpr std::size_t rejected_raw_bytes_max = 4096;

// Messages between two stages: a second of the busiest session at 60x, a few MB.
inline constexpr std::size_t queue_messages_max = 4096;

// One bus record (Kafka's default broker limit is 1 MiB).
inline constexpr std::size_t record_bytes_max = 1u << 20;
inline constexpr std::int32_t partitions_default = 20;
// A segment is one file; recovery after a crash reads the last one again.
inline constexpr std::size_t segment_bytes_max = 64u << 20;

// Rows that the sink loads in one transaction: large enough for DuckDB's row groups, small enough that
// a crash repeats little.
inline constexpr std::size_t sink_batch_rows_max = 120'000;

// Server: a picture of a page is one connection, its WebSocket a second.
inline constexpr std::size_t connections_max = 4096;
inline constexpr std::size_t request_body_bytes_max = 1u << 20;
inline constexpr std::size_t request_header_bytes_max = 16u << 10;
inline constexpr std::size_t websocket_message_bytes_max = 64u << 10;
// Frames waiting for one slow browser before it gets a new snapshot instead.
inline constexpr std::size_t websocket_queue_frames_max = 32;

}  // namespace slipstream::limits
