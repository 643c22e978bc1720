// A connection that has become a WebSocket: a bounded queue of shared frames out, checked messages in.
#pragma once

#include <memory>
#include <string>

#include "net/server_core.h"

namespace slipstream::net {

struct WebSocketStart {
  Request request;
  std::string answer;     // the 101 head, to be sent first
  std::string left_over;  // what the client sent behind its request
  bool is_deflate_on = false;
};

// Takes over `socket` (whose executor is a strand) and its place among the connections.
void start_websocket_connection(std::shared_ptr<ServerCore> core, ServerCore::Ticket ticket,
                                tcp::socket socket, WebSocketStart start);

}  // namespace slipstream::net
