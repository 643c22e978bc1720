// Names as people type them: case, accents, spaces and punctuation do not count. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace slipstream::feed {

// Letters and digits alone, lower case, without accents: "São Paulo" -> "saopaulo". Letters that have no
// Latin base stay as they are.
std::string folded(std::string_view text);

// Characters to insert, drop or exchange to make one of the other (Levenshtein).
std::size_t edit_distance(std::string_view a, std::string_view b);

}  // namespace slipstream::feed
