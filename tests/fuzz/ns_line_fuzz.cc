// One line of a recording with nanoseconds: no bytes crash it.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "feed/decoder_test_support.h"
#include "feed/ns_line.h"

using namespace slipstream;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  static feed::NsDecoder decoder{feed::TopicFilter()};
  (void)feed::looks_like_ns(text);
  feed::test::check_decoder(decoder, text);
  return 0;
}
