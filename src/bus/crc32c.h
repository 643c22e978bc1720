// CRC-32C (Castagnoli), the checksum of the embedded log's files.
//
// Uses the processor's own instruction where there is one (SSE4.2, asked for at run time), else tables.
// Pure; safe from any thread.
#pragma once

#include <cstdint>
#include <string_view>

namespace slipstream::bus {

// crc32c("123456789") is 0xe3069283.
std::uint32_t crc32c(std::string_view bytes);

// The two ways, for tests and benchmarks. `crc` is the running value without the final inversion.
std::uint32_t crc32c_software(std::uint32_t crc, std::string_view bytes);
bool has_crc32c_hardware();
std::uint32_t crc32c_hardware(std::uint32_t crc, std::string_view bytes);  // software if there is no hardware

}  // namespace slipstream::bus
