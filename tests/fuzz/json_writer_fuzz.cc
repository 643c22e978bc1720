// The JSON writer, driven by bytes: whatever it is given, the result is JSON, and text that was UTF-8 reads
// back the same. The first bytes choose the calls, the rest of the line is the text to write.
#include <simdjson.h>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "core/json_writer.h"
#include "core/result.h"

using namespace slipstream;

namespace {

constexpr int depth_max = 40;

class Script {
 public:
  explicit Script(std::string_view bytes) : bytes_(bytes) {}

  void value(JsonWriter& json, int depth) {
    switch (depth > depth_max ? 0 : take() % 8) {
      case 1: json.value(text()); break;
      case 2: json.value(decimal()); break;
      case 3: json.value(static_cast<std::int64_t>(whole())); break;
      case 4: json.value(take() % 2 == 0); break;
      case 5: list(json, depth); break;
      case 6: object(json, depth); break;
      case 7: json.whole_float(static_cast<std::int64_t>(whole())); break;
      default: json.null(); break;
    }
  }

 private:
  unsigned take() {
    if (bytes_.empty()) return 0;
    const auto byte = static_cast<unsigned char>(bytes_.front());
    bytes_.remove_prefix(1);
    return byte;
  }

  std::string_view text() {
    const std::string_view text = bytes_.substr(0, take());
    bytes_.remove_prefix(text.size() < bytes_.size() ? text.size() : bytes_.size());
    return text;
  }

  std::uint64_t whole() {
    std::uint64_t number = 0;
    for (int i = 0; i < 8; ++i) number = number << 8 | take();
    return number;
  }

  double decimal() {
    const std::uint64_t bits = whole();
    double number = 0;
    std::memcpy(&number, &bits, sizeof number);
    return number;
  }

  void list(JsonWriter& json, int depth) {
    json.begin_array();
    for (unsigned count = take() % 6; count > 0; --count) value(json, depth + 1);
    json.end_array();
  }

  void object(JsonWriter& json, int depth) {
    json.begin_object();
    for (unsigned count = take() % 6; count > 0; --count) {
      json.key("key");
      value(json, depth + 1);
    }
    json.end_object();
  }

  std::string_view bytes_;
};

void check_text(simdjson::dom::parser& parser, std::string_view text) {
  std::string json = "[";
  append_json_string(json, text);
  json += ']';
  std::string_view back;
  SLIP_CHECK(parser.parse(json).at(0).get(back) == simdjson::SUCCESS);
  SLIP_CHECK(!simdjson::validate_utf8(text) || back == text);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  static simdjson::dom::parser parser;
  check_text(parser, bytes);
  std::string out = "before";
  JsonWriter json(out);
  json.begin_array();
  Script(bytes).value(json, 0);
  json.end_array();
  SLIP_CHECK(out.starts_with("before["));
  SLIP_CHECK(parser.parse(std::string_view(out).substr(6)).error() == simdjson::SUCCESS);
  return 0;
}
