// A recording of FastF1's live-timing client, plain or .gz, in the order of its lines.
//
// session_time counts from the first message that has a time stamp. The stamps are F1's and step back now and
// then (221 times in a race, by up to two seconds), so session_time does, too, and may begin below zero. The
// order of the lines is kept: it is the order that the patches were sent in. Snapshot lines, which have no
// stamp, stand at the time of the message before them, in front of all at zero. A cut or damaged .gz gives
// every whole message before the damage, then one BrokenInput. Thread rule: one thread at a time.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "core/result.h"
#include "feed/line_reader.h"
#include "feed/source.h"

namespace slipstream::feed {

// Errors: those of ByteReader::open.
Result<std::unique_ptr<Source>> open_fastf1(const std::string& path, const SourceOptions& options = {},
                                            std::size_t chunk_bytes = read_chunk_bytes);

}  // namespace slipstream::feed
