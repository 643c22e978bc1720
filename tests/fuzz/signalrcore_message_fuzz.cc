// A frame of SignalR Core, with any number of messages: no bytes crash it.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "feed/decoder_test_support.h"
#include "feed/signalrcore_message.h"

using namespace slipstream;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  static feed::SignalRCoreDecoder decoder{feed::TopicFilter()};
  (void)feed::looks_like_signalrcore(text);
  feed::test::check_decoder(decoder, text);
  return 0;
}
