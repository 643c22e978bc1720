#include "warehouse/parquet_values.h"

#include <algorithm>
#include <array>
#include <bit>
#include <limits>

namespace slipstream::warehouse {
namespace {

constexpr std::size_t block_values = 128, miniblock_values = 32;
constexpr std::size_t miniblocks = block_values / miniblock_values;

void append_varint(std::uint64_t value, std::string& out) {
  for (; value >= 0x80; value >>= 7) out += static_cast<char>((value & 0x7F) | 0x80);
  out += static_cast<char>(value);
}

std::uint64_t zigzag(std::int64_t value) {
  return static_cast<std::uint64_t>(value) << 1 ^ static_cast<std::uint64_t>(value >> 63);
}

// Packs values of `width` bits behind each other; what is left in the last byte is zero.
class BitPacker {
 public:
  BitPacker(std::string& out, int width) : out_(out), width_(width) {}
  ~BitPacker() { flush(); }
  BitPacker(const BitPacker&) = delete;
  BitPacker& operator=(const BitPacker&) = delete;

  void put(std::uint64_t value) {  // of at most 32 bits
    bits_ |= value << count_;
    count_ += width_;
    if (count_ >= 32) write(4);
  }

 private:
  void flush() { write(static_cast<std::size_t>(count_ + 7) / 8); }
  void write(std::size_t bytes) {
    std::array<char, 8> text{};
    for (std::size_t i = 0; i < bytes; ++i) text[i] = static_cast<char>(bits_ >> 8 * i & 0xFF);
    out_.append(text.data(), bytes);
    bits_ >>= 32;
    count_ -= 32;
  }

  std::string& out_;
  int width_;
  std::uint64_t bits_ = 0;
  int count_ = 0;
};

}  // namespace

int bits_of(std::uint64_t greatest) { return static_cast<int>(std::bit_width(greatest)); }

void pack_bits(std::span<const std::uint32_t> values, int width, std::string& out) {
  BitPacker packer(out, width);
  for (const std::uint32_t value : values) packer.put(value);
  for (std::size_t at = values.size(); at % 8 != 0; ++at) packer.put(0);
}

void encode_hybrid(std::span<const std::uint32_t> values, int width, std::string& out) {
  if (values.empty()) return;
  if (std::ranges::all_of(values, [&](std::uint32_t value) { return value == values.front(); })) {
    append_varint(values.size() << 1, out);
    for (int bit = 0; bit < width; bit += 8) out += static_cast<char>(values.front() >> bit & 0xFF);
    return;
  }
  append_varint((values.size() + 7) / 8 << 1 | 1, out);
  pack_bits(values, width, out);
}

bool encode_deltas(std::span<const std::int64_t> values, std::string& out) {
  // In 63 bits, so that differences of differences stay in 64.
  constexpr std::int64_t most = std::numeric_limits<std::int32_t>::max() / 2;
  for (std::size_t i = 1; i < values.size(); ++i) {
    const auto apart = static_cast<std::int64_t>(static_cast<std::uint64_t>(values[i]) -
                                                 static_cast<std::uint64_t>(values[i - 1]));
    if (apart > most || apart < -most) return false;
  }
  append_varint(block_values, out);
  append_varint(miniblocks, out);
  append_varint(values.size(), out);
  append_varint(zigzag(values.empty() ? 0 : values.front()), out);
  std::array<std::int64_t, block_values> deltas{};
  for (std::size_t from = 1; from < values.size(); from += block_values) {
    const std::size_t count = std::min(block_values, values.size() - from);
    for (std::size_t i = 0; i < count; ++i) deltas[i] = values[from + i] - values[from + i - 1];
    const std::int64_t least =
        *std::min_element(deltas.begin(), deltas.begin() + static_cast<std::ptrdiff_t>(count));
    for (std::size_t i = 0; i < count; ++i) deltas[i] -= least;
    std::fill(deltas.begin() + static_cast<std::ptrdiff_t>(count), deltas.end(), 0);
    append_varint(zigzag(least), out);
    std::array<int, miniblocks> widths{};
    for (std::size_t block = 0; block < miniblocks; ++block) {
      const auto first = deltas.begin() + static_cast<std::ptrdiff_t>(block * miniblock_values);
      widths[block] = bits_of(static_cast<std::uint64_t>(*std::max_element(first, first + miniblock_values)));
      out += static_cast<char>(widths[block]);
    }
    for (std::size_t block = 0; block * miniblock_values < count; ++block) {
      BitPacker packer(out, widths[block]);
      for (std::size_t i = 0; i < miniblock_values; ++i)
        packer.put(static_cast<std::uint64_t>(deltas[block * miniblock_values + i]));
    }
  }
  return true;
}

}  // namespace slipstream::warehouse
