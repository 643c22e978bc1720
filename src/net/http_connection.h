// One accepted connection: reads requests, checks them, answers them in order, or hands the socket over to a
// WebSocketConnection. This header hides Beast, which only http_connection.cc includes.
#pragma once

#include <memory>

#include "net/server_core.h"

namespace slipstream::net {

// Starts to serve `socket`, whose executor must be a strand. `is_over_limit`: answer 503 and hang up.
void start_http_connection(std::shared_ptr<ServerCore> core, tcp::socket socket, bool is_over_limit);

}  // namespace slipstream::net
