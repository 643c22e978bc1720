// Payloads of the topics whose names end in .z. Not shared between threads.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct libdeflate_compressor;

namespace slipstream::simulate {

class Packer {
 public:
  Packer();
  // `json` as raw deflate at a fixed level, in base64, in quotes.
  std::string pack(std::string_view json);

 private:
  struct Free {
    void operator()(libdeflate_compressor* compressor) const;
  };
  std::unique_ptr<libdeflate_compressor, Free> compressor_;
  std::vector<unsigned char> deflated_;
};

}  // namespace slipstream::simulate
