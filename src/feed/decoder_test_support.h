// What holds for every decoder of recordings, whatever bytes it gets: an entry is a message whose payload
// begins and ends like a document, or says why not. Tests and fuzz targets only.
#pragma once

#include <string_view>

#include "core/result.h"
#include "feed/entry.h"

namespace slipstream::feed::test {

inline void check_decoder(LineDecoder& decoder, std::string_view text) {
  static Entries entries;
  entries.clear();
  decoder.decode(text, entries);
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const Entry& entry = entries[i];
    SLIP_CHECK((entry.kind == Entry::Kind::broken) == !entry.reason.empty());
    if (entry.kind != Entry::Kind::message) continue;
    const Message& message = entry.message;
    SLIP_CHECK(is_topic_name(message.feed_topic));
    SLIP_CHECK(check_payload(message.payload).has_value());
    SLIP_CHECK(message.payload.capacity() >= message.payload.size() + payload_padding_bytes);
    SLIP_CHECK(message.is_snapshot || message.utc || entry.offset);
  }
}

}  // namespace slipstream::feed::test
