// A frame of classic SignalR, or a line of undercut's: no bytes crash it.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "feed/decoder_test_support.h"
#include "feed/signalr_line.h"

using namespace slipstream;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  static feed::SignalRDecoder decoder{feed::TopicFilter()};
  (void)feed::looks_like_signalr(text);
  feed::test::check_decoder(decoder, text);
  return 0;
}
