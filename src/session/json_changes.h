// What a snapshot of a topic says that was not known: how a reconnect becomes an ordinary change.
//
// A recorder that was cut off gets every topic's whole state again. Most of it is known; folding all of it
// would make old laps, messages and statuses look new. Pure.
#pragma once

#include <optional>
#include <string>

#include "feed/json_tree.h"

namespace slipstream::session {

using feed::JsonTree;

// A change, as JSON text, that merged into `before` brings in every value of `after` that is new or another;
// nothing if there is none. Lists become objects with numbers as names (P1); members that `after` lacks are
// not spoken of.
std::optional<std::string> changes_between(const JsonTree& before, const JsonTree& after);

}  // namespace slipstream::session
