// What tells whether a source is the same as it was: SHA-256 over the names and bytes of its files.
// Thread rule: a Digest for one thread at a time; digest_source from any.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "core/result.h"

struct evp_md_ctx_st;

namespace slipstream::feed {

class Digest {
 public:
  Digest();
  // With its length, so that no two lists of texts are the same.
  void add(std::string_view text);
  std::string hex() &&;

 private:
  struct Free {
    void operator()(evp_md_ctx_st* context) const;
  };
  std::unique_ptr<evp_md_ctx_st, Free> context_;
};

// Adds what `source` is called, which stands in its rows, and what is in it. Returns how many bytes that are.
// Errors: not_found, there is no such file or folder; unavailable, a file cannot be read.
Result<std::int64_t> digest_source(const std::string& source, Digest& digest);

}  // namespace slipstream::feed
