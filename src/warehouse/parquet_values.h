// How Parquet packs values: the encodings that samples need, as the format's specification has them.
//
// Each appends to `out`. Pure.
// https://github.com/apache/parquet-format/blob/master/Encodings.md
#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace slipstream::warehouse {

// Least significant bit first, in groups of eight values; the last group is filled up with zeros.
void pack_bits(std::span<const std::uint32_t> values, int width, std::string& out);

// RLE and bit-packing hybrid: one run if all are equal, else all packed.
void encode_hybrid(std::span<const std::uint32_t> values, int width, std::string& out);

// DELTA_BINARY_PACKED in blocks of 128 values. False, and nothing is appended, if two neighbours are further
// apart than readers of 32-bit columns take.
bool encode_deltas(std::span<const std::int64_t> values, std::string& out);

// Bits that numbers up to `greatest` take.
int bits_of(std::uint64_t greatest);

}  // namespace slipstream::warehouse
