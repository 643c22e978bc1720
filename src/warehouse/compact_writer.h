// Thrift's compact protocol, as much of it as Parquet's headers and footer need.
//
// Fields have to be written in ascending order of their ids. One thread at a time.
// https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace slipstream::warehouse {

class CompactWriter {
 public:
  enum class Type : std::uint8_t {
    is_true = 1,
    is_false = 2,
    i16 = 4,
    i32 = 5,
    i64 = 6,
    binary = 8,
    list = 9,
    structure = 12
  };

  explicit CompactWriter(std::string& out) : out_(out) {}

  void boolean(int id, bool value) { header(id, value ? Type::is_true : Type::is_false); }
  void i16(int id, std::int16_t value) { number(id, Type::i16, value); }
  void i32(int id, std::int32_t value) { number(id, Type::i32, value); }
  void i64(int id, std::int64_t value) { number(id, Type::i64, value); }
  void binary(int id, std::string_view bytes) {
    header(id, Type::binary);
    element(bytes);
  }
  void list(int id, Type elements, std::size_t size) {
    header(id, Type::list);
    if (size < 15) {
      byte(size << 4 | static_cast<std::size_t>(elements));
    } else {
      byte(0xF0 | static_cast<std::size_t>(elements));
      varint(size);
    }
  }
  void begin(int id) {
    header(id, Type::structure);
    begin();
  }
  // The outermost structure, and one that is an element of a list.
  void begin() { last_ids_.push_back(0); }
  void end() {
    byte(0);
    last_ids_.pop_back();
  }
  // Elements of lists.
  void element(std::int32_t value) { varint(zigzag(value)); }
  void element(std::string_view bytes) {
    varint(bytes.size());
    out_ += bytes;
  }

 private:
  static std::uint64_t zigzag(std::int64_t value) {
    return static_cast<std::uint64_t>(value) << 1 ^ static_cast<std::uint64_t>(value >> 63);
  }
  void byte(std::size_t value) { out_ += static_cast<char>(value); }
  void varint(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) byte((value & 0x7F) | 0x80);
    byte(value);
  }
  void header(int id, Type type) {
    const int step = id - last_ids_.back();
    last_ids_.back() = id;
    if (step < 1 || step > 15) {
      byte(static_cast<std::size_t>(type));
      varint(zigzag(id));
    } else {
      byte(static_cast<std::size_t>(step) << 4 | static_cast<std::size_t>(type));
    }
  }
  void number(int id, Type type, std::int64_t value) {
    header(id, type);
    varint(zigzag(value));
  }

  std::string& out_;
  std::vector<int> last_ids_;  // of the structures that are open
};

}  // namespace slipstream::warehouse
