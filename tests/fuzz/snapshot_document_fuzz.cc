// A snapshot alone, cut anywhere: no bytes crash it.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "feed/decoder_test_support.h"
#include "feed/snapshot_document.h"

using namespace slipstream;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  static feed::SnapshotDecoder decoder{feed::TopicFilter()};
  (void)feed::looks_like_snapshot(text);
  feed::test::check_decoder(decoder, text);
  return 0;
}
