// The formats of recordings, and how each is known by its content. Pure.
#pragma once

#include <memory>
#include <string_view>

#include "feed/entry.h"
#include "feed/timeline.h"

namespace slipstream::feed {

struct RecordingFormat {
  std::string_view name;  // SourceInfo::format
  bool (*begins_like)(std::string_view line);
  std::unique_ptr<LineDecoder> (*make_decoder)(TopicFilter filter);
  char line_end = '\n';  // '\0': the file is one document
  RecordingClock clock = RecordingClock::instants;
  bool begins_with_snapshot = false;  // a connection begins with the file
};

// The format of what a file begins with, or nothing. Log lines in front are passed over.
const RecordingFormat* recognise_recording(std::string_view sample);

// Both of an undercut folder: its subscribe.txt, its live.txt.
const RecordingFormat& snapshot_format();
const RecordingFormat& undercut_format();

}  // namespace slipstream::feed
