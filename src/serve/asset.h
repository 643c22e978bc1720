// A file of the web page as it is compiled into the binary. Immutable; safe from any thread.
#pragma once

#include <span>
#include <string_view>

namespace slipstream::serve {

struct Asset {
  std::string_view path;          // "/index.html", "/assets/index-Bx3f.js"
  std::string_view content_type;  // "text/html; charset=utf-8"
  std::string_view bytes;         // compressed if is_gzip
  bool is_gzip = false;
  std::string_view etag;      // from the bytes before compression, without quotes
  bool is_immutable = false;  // the name changes with the content: browsers may keep it for ever
};

// The page that was built with the program (cmake/EmbedWeb.cmake, target slip_web_assets).
std::span<const Asset> web_assets();

}  // namespace slipstream::serve
