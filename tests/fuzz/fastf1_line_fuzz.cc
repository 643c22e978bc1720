// One line of a FastF1 recording: no bytes crash it, and a Python literal that it accepts has become JSON.
#include <simdjson.h>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/limits.h"
#include "core/result.h"
#include "feed/decoder_test_support.h"
#include "feed/fastf1_line.h"
#include "feed/python_literal.h"

using namespace slipstream;

namespace {

void check_literal(std::string_view text) {
  feed::PythonLiteral literal(text);
  std::string json;
  if (!literal.take_value(json) || !literal.take_end()) {
    SLIP_CHECK(!literal.error().message.empty());
    return;
  }
  if (!simdjson::validate_utf8(json)) return;  // bytes behind 0x7F are copied, not checked
  static simdjson::dom::parser parser;
  const auto error = parser.parse(json).error();
  // Numbers beyond a double are JSON all the same.
  SLIP_CHECK(error == simdjson::SUCCESS || error == simdjson::NUMBER_ERROR);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view line(reinterpret_cast<const char*>(data), size);
  static feed::FastF1Decoder decoder{feed::TopicFilter()};
  (void)feed::looks_like_fastf1(line);
  (void)feed::looks_like_fastf1_snapshot(line);
  feed::test::check_decoder(decoder, line);
  check_literal(line);
  return 0;
}
