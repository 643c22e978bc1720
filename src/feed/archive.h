// A session of F1's archive: a folder of <Topic>.jsonStream files, merged into one line of messages.
//
// Order: the smallest time in front of all files comes next; at one time the files go by name. A file's own
// order is never changed: a line whose time steps back comes right behind its predecessor, and keeps its
// time. A broken line stands at the time of the line before it. Thread rule: one thread at a time.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "core/result.h"
#include "feed/line_reader.h"
#include "feed/source.h"

namespace slipstream::feed {

// Whether `folder` has <Topic>.jsonStream files.
bool has_topics(const std::filesystem::path& folder);

// The session's folder: `folder` itself if it holds topics, else the only one below that does.
// Errors: not_found, there is none; malformed, there are several; the message names them.
Result<std::filesystem::path> find_session_folder(const std::filesystem::path& folder);

// Errors: those of ByteReader::open; malformed, no topic in `folder`. A folder without the topics asked for
// has no messages.
Result<std::unique_ptr<Source>> open_archive(const std::filesystem::path& folder,
                                             const SourceOptions& options = {},
                                             std::size_t chunk_bytes = read_chunk_bytes);

}  // namespace slipstream::feed
