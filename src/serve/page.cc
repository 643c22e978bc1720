#include "serve/page.h"

#include <zlib.h>

#include <array>
#include <memory>
#include <optional>

namespace slipstream::serve {
namespace {

std::optional<std::string> gunzip(std::string_view bytes) {
  z_stream stream{};
  constexpr int gzip_window_bits = 15 + 16;
  if (inflateInit2(&stream, gzip_window_bits) != Z_OK) return std::nullopt;
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));  // zlib's C API; it only reads
  stream.avail_in = static_cast<uInt>(bytes.size());
  std::string out;
  std::array<char, 16384> chunk{};
  int status = Z_OK;
  while (status == Z_OK) {
    stream.next_out = reinterpret_cast<Bytef*>(chunk.data());
    stream.avail_out = static_cast<uInt>(chunk.size());
    status = inflate(&stream, Z_NO_FLUSH);
    out.append(chunk.data(), chunk.size() - stream.avail_out);
  }
  inflateEnd(&stream);
  return status == Z_STREAM_END ? std::optional(std::move(out)) : std::nullopt;
}

net::Response response_of(const Asset& asset, std::string body) {
  net::Response response = net::Response::text(200, asset.content_type, std::move(body));
  response.etag = asset.etag;
  response.cache_control = asset.is_immutable ? "public, max-age=31536000, immutable" : "no-cache";
  return response;
}

}  // namespace

Result<Page> Page::make(std::span<const Asset> assets) {
  Page page;
  for (const Asset& asset : assets) {
    File file;
    if (asset.is_gzip) {
      auto plain = gunzip(asset.bytes);
      if (!plain) return fail(Errc::malformed, "page: " + std::string(asset.path) + " is not a gzip file");
      file.plain = response_of(asset, std::move(*plain));
      file.gzip = response_of(asset, std::string(asset.bytes));
      file.gzip.content_encoding = "gzip";
      file.gzip.etag += "-gzip";  // another text, so another tag
    } else {
      file.plain = response_of(asset, std::string(asset.bytes));
    }
    page.files_.insert_or_assign(std::string(asset.path), std::move(file));
  }
  return page;
}

net::Response Page::answer(const net::Request& request) const {
  const std::string_view path = request.path == "/" ? std::string_view("/index.html") : request.path;
  const auto found = files_.find(path);
  if (found == files_.end()) return net::Response::error(404, "nothing is here");
  const File& file = found->second;
  return request.accepts_gzip && file.gzip.body ? file.gzip : file.plain;
}

}  // namespace slipstream::serve
