// Text from outside as valid UTF-8. Pure; safe from any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace slipstream {

// Length of the valid UTF-8 sequence at the front of `text`, 0 if there is none (RFC 3629). `text` is not
// empty.
std::size_t utf8_length(std::string_view text);

// At most `bytes_max` of `text`, every byte that is not UTF-8 replaced by U+FFFD: what a database takes as
// text.
std::string to_utf8(std::string_view text, std::size_t bytes_max);

}  // namespace slipstream
