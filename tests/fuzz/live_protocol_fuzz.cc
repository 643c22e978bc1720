// What a server sends to the live client: no bytes crash the protocol, the recorder's form of it or the
// decoder behind, and where frames end makes no difference to what is decoded.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <fmt/core.h>

#include "feed/live_decoder.h"
#include "feed/live_protocol.h"
#include "feed/live_token.h"

using namespace slipstream;

namespace {

std::string decoded(std::string_view bytes, std::size_t piece) {
  feed::LiveDecoder decoder;
  feed::SourceItem item;
  std::string said;
  const auto drain = [&] {
    while (decoder.take(item)) {
      if (const auto* message = std::get_if<feed::Message>(&item)) {
        said += fmt::format("{} {} {} {}\n", message->session_time.count(), message->source_offset,
                            message->feed_topic, message->payload);
      } else {
        said += std::get<feed::BrokenInput>(item).reason + "\n";
      }
    }
  };
  while (!bytes.empty()) {
    decoder.push(bytes.substr(0, piece));
    bytes.remove_prefix(std::min(piece, bytes.size()));
    drain();
  }
  decoder.end();
  drain();
  return said;
}

std::size_t messages_seen(std::string_view bytes, std::size_t piece) {
  feed::LiveProtocol protocol(feed::live_topics());
  std::string send = protocol.open();
  std::size_t count = 0;
  while (!bytes.empty()) {
    const auto seen = protocol.take(bytes.substr(0, piece), send);
    if (!seen) return count;
    count += seen->feed_messages;
    bytes.remove_prefix(std::min(piece, bytes.size()));
  }
  return count;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const std::string whole = decoded(bytes, size);
  SLIP_CHECK(decoded(bytes, 1 + data[0] % 16U) == whole);
  (void)messages_seen(bytes, size);
  (void)messages_seen(bytes, 1 + data[0] % 16U);
  (void)feed::parse_live_token(bytes);
  return 0;
}
