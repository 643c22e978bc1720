// What a source does to a raw payload before it is a Message's: unpack `.z` topics, and tell a document from
// the rest of a cut line.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "core/result.h"

struct libdeflate_decompressor;

namespace slipstream::feed {

// Spare capacity behind every payload, so that simdjson parses it in place.
inline constexpr std::size_t payload_padding_bytes = 64;

// "CarData.z", "Position.z": the payload is a string, base64 of raw deflate of JSON (T5, T7).
bool is_packed_topic(std::string_view feed_topic);

// Errors: malformed, unless `payload` is UTF-8 and begins and ends like a JSON object or list. What is
// between shows when it is parsed.
Result<void> check_payload(std::string_view payload);

// Replaces `payload` with `json`, leaving room for the padding. Keeps its buffer where that is large enough.
void assign_payload(std::string& payload, std::string_view json);

// Unpacks the payloads of `.z` topics. Thread rule: one thread at a time; buffers are reused.
class Unpacker {
 public:
  Unpacker();

  // `base64` without its quotes -> JSON in `payload`, without byte order mark, not checked further.
  // Errors: malformed, not base64, not deflate, cut off, or larger than limits::inflated_bytes_max.
  Result<void> unpack(std::string_view base64, std::string& payload);

 private:
  struct Free {
    void operator()(libdeflate_decompressor* decompressor) const;
  };

  std::unique_ptr<libdeflate_decompressor, Free> decompressor_;
  std::string unescaped_;
  std::string packed_;
  std::unique_ptr<char[]> unpacked_;
  std::size_t unpacked_capacity_;
};

// The other way round: JSON -> base64 of raw deflate, without quotes, as `.z` topics have it.
std::string pack_payload(std::string_view json);

// Puts the document of a raw payload into `payload`: JSON as it stands, the string of a `.z` topic unpacked.
// A packed topic that comes as plain JSON is taken as it is. Errors: malformed, with the reason; `payload` is
// of no use then.
Result<void> decode_payload(std::string_view raw_payload, bool is_packed, Unpacker& unpacker,
                            std::string& payload);

}  // namespace slipstream::feed
