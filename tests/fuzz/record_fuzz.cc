// A bus value from anywhere, "<topic> <json>": no bytes crash the decoder, and a record that it accepts comes
// out the same after encoding and decoding again.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "core/result.h"
#include "record/codec.h"
#include "record/telemetry.h"

using namespace slipstream;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static record::Decoder decoder;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::size_t space = std::min(text.find(' '), text.size());
  const std::string topic(text.substr(0, space));
  const auto first = decoder.decode(topic, text.substr(std::min(space + 1, text.size())));
  if (!first) return 0;
  std::string value;
  const record::RecordMeta meta{
      .build = first->build, .envelope = first->envelope, .driver_key = "X", .date_delta_ms = {}};
  std::visit(
      [&]<class Row>(const Row& row) {
        if constexpr (!record::is_sample<Row>) record::encode(row, meta, value);
      },
      first->row);
  const auto second = decoder.decode(topic, value);
  SLIP_CHECK(second.has_value());
  SLIP_CHECK(second->build == first->build && second->row == first->row);
  SLIP_CHECK(second->envelope.revision == first->envelope.revision);
  return 0;
}
