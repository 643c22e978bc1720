// A recording of a session that begins late, cut from one that has all of it.
#pragma once

#include <filesystem>
#include <vector>

#include "feed/source.h"

namespace slipstream::testing_support {

// Every message and broken piece of a source.
std::vector<feed::SourceItem> items_of(const std::filesystem::path& path);

// What a client would have got that subscribes at `from`: the state of every topic, whole (`.z` topics apart,
// which have none), then what follows; times since then, and the instants at which it came.
std::vector<feed::SourceItem> late_recording(const std::vector<feed::SourceItem>& items, SessionTime from);

}  // namespace slipstream::testing_support
