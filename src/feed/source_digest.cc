#include "feed/source_digest.h"

#include <fmt/core.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <vector>

namespace slipstream::feed {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t chunk_bytes = 1u << 20;

struct Close {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

Error file_error(const fs::path& path, int number) {
  return {Errc::unavailable, fmt::format("{}: {}", path.string(), std::generic_category().message(number))};
}

Result<std::int64_t> add_file(const fs::path& path, Digest& digest) {
  const std::unique_ptr<std::FILE, Close> file(std::fopen(path.c_str(), "rb"));
  if (!file) return tl::make_unexpected(file_error(path, errno));
  std::string chunk(chunk_bytes, '\0');
  std::int64_t bytes = 0;
  while (const std::size_t count = std::fread(chunk.data(), 1, chunk.size(), file.get())) {
    digest.add(std::string_view(chunk).substr(0, count));
    bytes += static_cast<std::int64_t>(count);
  }
  if (std::ferror(file.get()) != 0) return tl::make_unexpected(file_error(path, errno));
  return bytes;
}

Result<std::vector<fs::path>> files_of(const fs::path& source) {
  std::error_code error;
  if (!fs::is_directory(source, error)) return std::vector{source};
  std::vector<fs::path> files;
  for (fs::recursive_directory_iterator it(source, error), end; !error && it != end; it.increment(error)) {
    std::error_code ignored;
    if (it->is_regular_file(ignored)) files.push_back(it->path());
  }
  if (error) return tl::make_unexpected(file_error(source, error.value()));
  std::ranges::sort(files);
  return files;
}

}  // namespace

void Digest::Free::operator()(evp_md_ctx_st* context) const { EVP_MD_CTX_free(context); }

Digest::Digest() : context_(EVP_MD_CTX_new()) {
  SLIP_CHECK(context_ != nullptr && EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr) == 1);
}

void Digest::add(std::string_view text) {
  const std::uint64_t size = text.size();
  SLIP_CHECK(EVP_DigestUpdate(context_.get(), &size, sizeof size) == 1);
  SLIP_CHECK(EVP_DigestUpdate(context_.get(), text.data(), text.size()) == 1);
}

std::string Digest::hex() && {
  std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
  unsigned int size = 0;
  SLIP_CHECK(EVP_DigestFinal_ex(context_.get(), bytes.data(), &size) == 1);
  std::string text;
  for (unsigned int i = 0; i < size; ++i) text += fmt::format("{:02x}", bytes[i]);
  return text;
}

Result<std::int64_t> digest_source(const std::string& source, Digest& digest) {
  std::error_code error;
  if (!fs::exists(source, error)) return fail(Errc::not_found, source + ": no such file or folder");
  const auto files = files_of(source);
  if (!files) return tl::make_unexpected(files.error());
  const fs::path root(source);
  digest.add((root.has_filename() ? root : root.parent_path()).filename().string());
  std::int64_t bytes = 0;
  for (const fs::path& file : *files) {
    digest.add(file.lexically_relative(root).string());
    const auto count = add_file(file, digest);
    if (!count) return tl::make_unexpected(count.error());
    bytes += *count;
  }
  return bytes;
}

}  // namespace slipstream::feed
