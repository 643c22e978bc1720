// The floor under `load`: what no loader of an archive session can leave out, and nothing else. One thread.
//
// Reads every topic's file whole, splits it into lines, decodes and inflates the packed topics, and visits
// every value of every payload. Makes no rows, keeps no state, writes nothing. As JSON on stdout: the least
// and the middle of `passes` passes in ms, and what there was to do.
//   floor SESSION_FOLDER [PASSES]
#include <fmt/core.h>
#include <libdeflate.h>
#include <openssl/evp.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "bench/visit.h"

namespace {

namespace fs = std::filesystem;

constexpr std::size_t time_chars = 12;  // "00:17:32.294" before each payload
constexpr std::size_t inflated_bytes_max = 4u << 20;

struct Work {
  std::size_t messages = 0, raw_bytes = 0, plain_bytes = 0, values = 0, broken = 0;
};

struct FreeInflater {
  void operator()(libdeflate_decompressor* inflater) const { libdeflate_free_decompressor(inflater); }
};

class Reader {
 public:
  Work pass(const std::vector<fs::path>& files) {
    work_ = {};
    for (const fs::path& file : files) read_file(file);
    return work_;
  }

 private:
  void read_file(const fs::path& file) {
    const bool is_packed = file.stem().extension() == ".z";
    std::string text(fs::file_size(file), '\0');
    std::ifstream(file, std::ios::binary).read(text.data(), static_cast<std::streamsize>(text.size()));
    work_.raw_bytes += text.size();
    std::string_view rest = text;
    if (rest.starts_with("\xef\xbb\xbf")) rest.remove_prefix(3);
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find('\n'), rest.size());
      std::string_view line = rest.substr(0, end);
      rest.remove_prefix(std::min(end + 1, rest.size()));
      if (line.ends_with('\r')) line.remove_suffix(1);
      if (line.size() > time_chars) read_payload(line.substr(time_chars), is_packed);
    }
  }

  void read_payload(std::string_view payload, bool is_packed) {
    ++work_.messages;
    const auto size = is_packed ? unpack(payload) : std::optional(payload.copy(plain_.data(), plain_.size()));
    const std::size_t values = size ? slipstream::bench::visit_document(parser_, plain_.data(), *size,
                                                                        *size + simdjson::SIMDJSON_PADDING)
                                    : 0;
    work_.plain_bytes += size.value_or(0);
    work_.values += values;
    work_.broken += values == 0 ? 1 : 0;
  }

  // Size of what the base64 text between quotes inflates to.
  std::optional<std::size_t> unpack(std::string_view quoted) {
    if (quoted.size() < 2) return std::nullopt;
    std::string_view base64 = quoted.substr(1, quoted.size() - 2);
    packed_.resize(base64.size());
    int packed_size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(packed_.data()),
                                      reinterpret_cast<const unsigned char*>(base64.data()),
                                      static_cast<int>(base64.size()));
    for (; base64.ends_with('='); base64.remove_suffix(1)) --packed_size;
    std::size_t size = 0;
    if (packed_size < 0 ||
        libdeflate_deflate_decompress(inflater_.get(), packed_.data(), static_cast<std::size_t>(packed_size),
                                      plain_.data(), inflated_bytes_max, &size) != LIBDEFLATE_SUCCESS) {
      return std::nullopt;
    }
    return size;
  }

  Work work_;
  std::unique_ptr<libdeflate_decompressor, FreeInflater> inflater_{libdeflate_alloc_decompressor()};
  simdjson::ondemand::parser parser_;
  std::string packed_;
  std::string plain_ = std::string(inflated_bytes_max + simdjson::SIMDJSON_PADDING, '\0');
};

std::vector<fs::path> topic_files(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    if (it->path().extension() == ".jsonStream") files.push_back(it->path());
  }
  return files;
}

}  // namespace

int main(int argc, char** argv) {
  const auto files = argc > 1 ? topic_files(argv[1]) : std::vector<fs::path>();
  const int passes = argc > 2 ? std::atoi(argv[2]) : 1;
  if (files.empty() || passes < 1) {
    fmt::print(stderr, "floor: SESSION_FOLDER [PASSES], a folder with <Topic>.jsonStream files\n");
    return 2;
  }
  Reader reader;
  Work work;
  std::vector<double> elapsed_ms;
  for (int pass = 0; pass < passes; ++pass) {
    const auto began = std::chrono::steady_clock::now();
    work = reader.pass(files);
    const std::chrono::duration<double, std::milli> elapsed = std::chrono::steady_clock::now() - began;
    elapsed_ms.push_back(elapsed.count());
  }
  std::sort(elapsed_ms.begin(), elapsed_ms.end());
  fmt::print(R"({{"median_ms":{:.2f},"min_ms":{:.2f},"passes":{},"messages":{},"broken":{},)",
             elapsed_ms[elapsed_ms.size() / 2], elapsed_ms.front(), passes, work.messages, work.broken);
  fmt::print(R"("raw_bytes":{},"plain_bytes":{},"values":{}}})"
             "\n",
             work.raw_bytes, work.plain_bytes, work.values);
  return 0;
}
