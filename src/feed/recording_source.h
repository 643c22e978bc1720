// Recordings of the feed, plain or .gz, line after line in the order that they have; timeline.h has the rules
// of their order and clock. A cut or damaged .gz gives every whole message before the damage, then one
// BrokenInput. Thread rule: one thread at a time.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "core/result.h"
#include "feed/line_reader.h"
#include "feed/recording_format.h"
#include "feed/source.h"

namespace slipstream::feed {

// Errors: those of ByteReader::open.
Result<std::unique_ptr<Source>> open_recording(const std::string& path, const RecordingFormat& format,
                                               const SourceOptions& options = {},
                                               std::size_t chunk_bytes = read_chunk_bytes);

// The format of a file by its first bytes. Errors: those of ByteReader::open and read; malformed, the file is
// empty or nothing that slipstream can read.
Result<const RecordingFormat*> find_recording_format(const std::string& path);

// Whether `folder` is one of undercut's: live.txt or live.jsonl, and most often subscribe.txt or
// subscribe.json with the snapshot.
bool is_undercut_folder(const std::filesystem::path& folder);
// Errors: those of ByteReader::open.
Result<std::unique_ptr<Source>> open_undercut(const std::filesystem::path& folder,
                                              const SourceOptions& options = {});

// A folder of which one file is a recording: that file. Errors: not_found, none is; malformed, several are,
// which the message names.
Result<std::filesystem::path> find_recording_in(const std::filesystem::path& folder);

}  // namespace slipstream::feed
