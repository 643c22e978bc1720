#include "feed/payload.h"

#include <fmt/core.h>
#include <libdeflate.h>
#include <openssl/evp.h>
#include <simdjson.h>

#include <algorithm>

#include "core/limits.h"
#include "feed/byte_order_mark.h"

namespace slipstream::feed {
namespace {

static_assert(payload_padding_bytes >= simdjson::SIMDJSON_PADDING);

constexpr std::string_view json_space = " \t\r\n";
// Holds every real payload; doubled when one does not fit.
constexpr std::size_t unpacked_bytes_start = 512u << 10;

// Undoes what JSON encoders do to base64: "\/" and "\u002B". Anything else is left and fails as base64.
void unescape_base64(std::string_view text, std::string& out) {
  out.clear();
  while (!text.empty()) {
    const std::size_t run = std::min(text.find('\\'), text.size());
    out.append(text.substr(0, run));
    text.remove_prefix(run);
    if (text.starts_with("\\u002B") || text.starts_with("\\u002b")) {
      out += '+';
      text.remove_prefix(6);
    } else if (text.starts_with("\\u003D") || text.starts_with("\\u003d")) {
      out += '=';
      text.remove_prefix(6);
    } else if (!text.empty()) {
      text.remove_prefix(1);
      if (!text.starts_with('/')) out += '\\';
    }
  }
}

// False if `text` is not base64 with its padding.
bool decode_base64(std::string_view text, std::string& out) {
  const std::size_t first_pad = std::min(text.find('='), text.size());
  const std::size_t pads = text.size() - first_pad;
  const bool is_framed = text.size() % 4 == 0 && text.size() >= 4 && pads <= 2 && text.back() != '-' &&
                         text.find_first_not_of('=', first_pad) == std::string_view::npos;
  if (!is_framed) return false;
  const std::size_t size = text.size() / 4 * 3;
  if (out.size() < size) out.resize(size);
  // Trims white space at both ends, hence the comparison: what is shorter than it should be is not base64.
  const int count = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                    reinterpret_cast<const unsigned char*>(text.data()), int(text.size()));
  if (count < 0 || std::size_t(count) != size) return false;
  out.resize(size - pads);
  return true;
}

}  // namespace

bool is_packed_topic(std::string_view feed_topic) { return feed_topic.ends_with(".z"); }

Result<void> check_payload(std::string_view payload) {
  const std::size_t first = payload.find_first_not_of(json_space);
  if (first == std::string_view::npos) return fail(Errc::malformed, "payload is empty");
  const char front = payload[first];
  const char back = payload[payload.find_last_not_of(json_space)];
  if (front != '{' && front != '[')
    return fail(Errc::malformed, "payload is neither a JSON object nor a list");
  if (back != (front == '{' ? '}' : ']')) return fail(Errc::malformed, "payload is cut off");
  if (!simdjson::validate_utf8(payload)) return fail(Errc::malformed, "payload is not UTF-8");
  return {};
}

void assign_payload(std::string& payload, std::string_view json) {
  payload.reserve(json.size() + payload_padding_bytes);
  payload.assign(json);
}

void Unpacker::Free::operator()(libdeflate_decompressor* decompressor) const {
  libdeflate_free_decompressor(decompressor);
}

Unpacker::Unpacker()
    : decompressor_(libdeflate_alloc_decompressor()),
      unpacked_(std::make_unique_for_overwrite<char[]>(unpacked_bytes_start)),
      unpacked_capacity_(unpacked_bytes_start) {
  SLIP_CHECK(decompressor_ != nullptr);
}

Result<void> Unpacker::unpack(std::string_view base64, std::string& payload) {
  if (base64.find('\\') != std::string_view::npos) {
    unescape_base64(base64, unescaped_);
    base64 = unescaped_;
  }
  if (!decode_base64(base64, packed_)) return fail(Errc::malformed, "payload is not base64");
  for (;;) {
    std::size_t size = 0;
    const auto code = libdeflate_deflate_decompress(decompressor_.get(), packed_.data(), packed_.size(),
                                                    unpacked_.get(), unpacked_capacity_, &size);
    if (code == LIBDEFLATE_SUCCESS) {
      assign_payload(payload, without_byte_order_mark({unpacked_.get(), size}));
      return {};
    }
    if (code != LIBDEFLATE_INSUFFICIENT_SPACE) {
      return fail(Errc::malformed, "payload is base64, but not of deflated data");
    }
    if (unpacked_capacity_ >= limits::inflated_bytes_max) {
      return fail(Errc::malformed, fmt::format("payload inflates to more than {} bytes", unpacked_capacity_));
    }
    unpacked_capacity_ = std::min(2 * unpacked_capacity_, limits::inflated_bytes_max);
    unpacked_ = std::make_unique_for_overwrite<char[]>(unpacked_capacity_);
  }
}

Result<void> decode_payload(std::string_view raw_payload, bool is_packed, Unpacker& unpacker,
                            std::string& payload) {
  if (raw_payload.empty()) return fail(Errc::malformed, "payload is empty");
  if (is_packed && raw_payload.front() == '"') {
    if (raw_payload.size() < 2 || raw_payload.back() != '"')
      return fail(Errc::malformed, "payload is cut off");
    SLIP_TRY(unpacker.unpack(raw_payload.substr(1, raw_payload.size() - 2), payload));
    return check_payload(payload);
  }
  SLIP_TRY(check_payload(raw_payload));
  assign_payload(payload, raw_payload);
  return {};
}

std::string pack_payload(std::string_view json) {
  constexpr int level = 6;
  const std::unique_ptr<libdeflate_compressor, decltype(&libdeflate_free_compressor)> compressor(
      libdeflate_alloc_compressor(level), libdeflate_free_compressor);
  SLIP_CHECK(compressor != nullptr);
  std::string packed(libdeflate_deflate_compress_bound(compressor.get(), json.size()), '\0');
  packed.resize(
      libdeflate_deflate_compress(compressor.get(), json.data(), json.size(), packed.data(), packed.size()));
  std::string base64((packed.size() + 2) / 3 * 4 + 1, '\0');
  const int size =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(base64.data()),
                      reinterpret_cast<const unsigned char*>(packed.data()), static_cast<int>(packed.size()));
  base64.resize(static_cast<std::size_t>(size));
  return base64;
}

}  // namespace slipstream::feed
