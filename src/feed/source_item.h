// What sources share: items of SourceItem, and how a line that cannot be read is set aside. Pure.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "feed/line_reader.h"
#include "feed/source.h"

namespace slipstream::feed {

// The line with its reason; topic and time are the caller's to add. Keeps limits::rejected_raw_bytes_max of
// it.
BrokenInput broken_input(const Line& line, std::string reason);

std::string too_long_reason();

// The message of `item`, with the buffers it had if it held one already.
Message& message_in(SourceItem& item);

// Of a folder that holds several of `what` ("sessions"): their number and the first few, sorted.
Error several_in(const std::filesystem::path& folder, std::string_view what, std::vector<std::string> names);

// The last part of a path, also of "a/b/" and ".".
std::string source_name(const std::filesystem::path& path);

}  // namespace slipstream::feed
