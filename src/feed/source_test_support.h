// Helpers of feed's tests: folders that go away, packed bytes, a source read to its end. Tests only.
#pragma once

#include <gtest/gtest.h>
#include <libdeflate.h>
#include <openssl/evp.h>
#include <unistd.h>
#include <zlib.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "feed/source.h"

namespace slipstream::feed::test {

namespace fs = std::filesystem;

class TempFolder {
 public:
  TempFolder() {
    std::string name = (fs::temp_directory_path() / "slipstream_feed_XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  ~TempFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;

  const fs::path& path() const { return path_; }
  // Writes a file below, with the folders that it needs; its path.
  std::string write(const std::string& name, std::string_view bytes) const {
    const fs::path file = path_ / name;
    fs::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    return file.string();
  }

 private:
  fs::path path_;
};

inline std::string gzip(std::string_view bytes) {
  z_stream stream{};
  deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
  std::string packed(deflateBound(&stream, bytes.size()), '\0');
  stream.next_in = reinterpret_cast<unsigned char*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<unsigned char*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  deflate(&stream, Z_FINISH);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

inline std::string raw_deflate(std::string_view bytes) {
  auto* const compressor = libdeflate_alloc_compressor(6);
  std::string packed(libdeflate_deflate_compress_bound(compressor, bytes.size()), '\0');
  packed.resize(
      libdeflate_deflate_compress(compressor, bytes.data(), bytes.size(), packed.data(), packed.size()));
  libdeflate_free_compressor(compressor);
  return packed;
}

inline std::string base64(std::string_view bytes) {
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                                   reinterpret_cast<const unsigned char*>(bytes.data()), int(bytes.size()));
  text.resize(static_cast<std::size_t>(size));
  return text;
}

// As F1 packs the payload of a `.z` topic.
inline std::string pack(std::string_view json) { return base64(raw_deflate(json)); }

struct Drained {
  std::vector<Message> messages;
  std::vector<BrokenInput> broken;
};

inline Drained drain(Source& source) {
  Drained drained;
  SourceItem item;
  for (;;) {
    const auto more = source.next(item);
    EXPECT_TRUE(more) << (more ? "" : more.error().message);
    if (!more || !*more) return drained;
    if (const auto* message = std::get_if<Message>(&item)) drained.messages.push_back(*message);
    else drained.broken.push_back(std::get<BrokenInput>(item));
  }
}

inline Drained drain(const Result<std::unique_ptr<Source>>& source) {
  EXPECT_TRUE(source) << (source ? "" : source.error().message);
  return source ? drain(**source) : Drained{};
}

// "topic payload", one a message.
inline std::vector<std::string> texts(const Drained& drained) {
  std::vector<std::string> texts;
  texts.reserve(drained.messages.size());
  for (const Message& message : drained.messages) texts.push_back(message.feed_topic + ' ' + message.payload);
  return texts;
}

inline std::vector<std::string> reasons(const Drained& drained) {
  std::vector<std::string> reasons;
  reasons.reserve(drained.broken.size());
  for (const BrokenInput& broken : drained.broken) reasons.push_back(broken.reason);
  return reasons;
}

// The recorded sessions: SLIPSTREAM_DATA, else beside the repository, which is the working folder of a test.
inline std::optional<std::string> real_data(const std::string& name) {
  const char* const folder = std::getenv("SLIPSTREAM_DATA");
  const fs::path path = fs::path(folder != nullptr ? folder : "../shared/data") / name;
  if (!fs::exists(path)) return std::nullopt;
  return path.string();
}

}  // namespace slipstream::feed::test

// Skips the test where the recorded sessions are not at hand.
#define FEED_REAL_DATA(variable, name)                                        \
  const auto variable##_found = ::slipstream::feed::test::real_data(name);    \
  if (!variable##_found) GTEST_SKIP() << "SLIPSTREAM_DATA has no " << (name); \
  const std::string& variable = *variable##_found
