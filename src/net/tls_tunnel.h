// TLS in front of the server: a tunnel a connection, at whose inner end the plain server reads and writes.
//
// The inner end is a socket pair, so that HTTP and WebSocket know nothing of TLS; it costs one more copy of
// every byte. TLS 1.2 and later.
#pragma once

#include <memory>

#include "net/server_core.h"

namespace slipstream::net {

// Errors: malformed, a file cannot be read or used; the message names it.
Result<std::shared_ptr<TlsContext>> make_tls_context(const TlsFiles& files);

// Takes over an accepted socket (whose executor is a strand), shakes hands and starts an HTTP connection.
void start_tls_tunnel(std::shared_ptr<ServerCore> core, tcp::socket socket, bool is_over_limit);

}  // namespace slipstream::net
