// Answers for the files of the page. Immutable after make(); safe from any thread.
#pragma once

#include <map>
#include <span>
#include <string>

#include "core/result.h"
#include "net/server.h"
#include "serve/asset.h"

namespace slipstream::serve {

class Page {
 public:
  // Errors: malformed, a compressed asset cannot be decompressed (names it).
  static Result<Page> make(std::span<const Asset> assets);

  // The file at request.path ("/" is /index.html) in the encoding that the client takes; 404 if there is
  // none.
  net::Response answer(const net::Request& request) const;

 private:
  struct File {
    net::Response plain, gzip;  // gzip without body: there is only the plain one
  };
  std::map<std::string, File, std::less<>> files_;
};

}  // namespace slipstream::serve
