// Where F1's archive keeps a session, and the SessionInfo that names it. Pure; safe from any thread.
//
// `"Simulated": true` is ours: no session of F1 has it. Who reads it knows that the session's key, which is
// negative, is meant (session/fold_session.cc).
#pragma once

#include <string>
#include <string_view>

#include "core/json_writer.h"
#include "simulate/history.h"

namespace slipstream::simulate {

// "2026/2026-05-10_Halden_Grand_Prix/2026-05-10_Race/"
std::string session_path(const History& history);

void write_info_json(const History& history, std::string_view status, std::string_view archive_status,
                     std::string& out);

}  // namespace slipstream::simulate
