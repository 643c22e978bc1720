#include "simulate/packed.h"

#include <libdeflate.h>
#include <openssl/evp.h>

#include "core/result.h"

namespace slipstream::simulate {

void Packer::Free::operator()(libdeflate_compressor* compressor) const {
  libdeflate_free_compressor(compressor);
}

Packer::Packer() : compressor_(libdeflate_alloc_compressor(6)) { SLIP_CHECK(compressor_ != nullptr); }

std::string Packer::pack(std::string_view json) {
  deflated_.resize(libdeflate_deflate_compress_bound(compressor_.get(), json.size()));
  const std::size_t size = libdeflate_deflate_compress(compressor_.get(), json.data(), json.size(),
                                                       deflated_.data(), deflated_.size());
  SLIP_CHECK(size > 0);
  std::string text(4 * ((size + 2) / 3) + 1, '\0');  // EncodeBlock ends with a zero byte
  const int written = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), deflated_.data(),
                                      static_cast<int>(size));
  text.resize(static_cast<std::size_t>(written));
  return '"' + text + '"';
}

}  // namespace slipstream::simulate
