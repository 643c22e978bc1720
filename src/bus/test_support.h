// What the bus's tests share.
#pragma once

#include <gtest/gtest.h>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "bus/bus.h"

namespace slipstream::bus {

// A folder of its own that goes away with the object.
class ScratchFolder {
 public:
  ScratchFolder() : path_(testing::TempDir() + "slipstream_bus_XXXXXX") {
    if (::mkdtemp(path_.data()) == nullptr) ADD_FAILURE() << "cannot make " << path_;
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  ~ScratchFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

// A record that owns its bytes.
struct OwnRecord {
  std::string key;
  std::string value;
  std::int64_t timestamp_ms = 0;
  Headers headers;
  friend auto operator<=>(const OwnRecord&, const OwnRecord&) = default;
};

inline std::ostream& operator<<(std::ostream& out, const OwnRecord& record) {
  return out << "{key " << record.key << ", value of " << record.value.size() << " bytes, at "
             << record.timestamp_ms << ", " << record.headers.size() << " headers}";
}

inline std::vector<OutRecord> views_of(const std::vector<OwnRecord>& records) {
  std::vector<OutRecord> out;
  out.reserve(records.size());
  for (const OwnRecord& r : records) out.push_back({r.key, r.value, r.timestamp_ms, r.headers});
  return out;
}

inline OwnRecord own(const InRecord& record) {
  OwnRecord out{std::string(record.key), std::string(record.value), record.timestamp_ms, {}};
  for (const auto& [name, text] : record.headers) out.headers.emplace_back(name, text);
  return out;
}

inline Result<void> append(Bus& bus, std::string_view topic, const std::vector<OwnRecord>& records) {
  return bus.append(topic, views_of(records));
}

// All records of a partition in order; checks that offsets are dense.
inline std::vector<OwnRecord> read_all(Bus& bus, std::string_view topic, Partition partition,
                                       std::size_t bytes_max = 64 << 10) {
  std::vector<OwnRecord> out;
  const auto range = bus.offsets(topic, partition);
  if (!range) {
    ADD_FAILURE() << range.error().message;
    return out;
  }
  for (Offset next = range->begin; next < range->end;) {
    const auto got = bus.fetch(topic, partition, next, bytes_max);
    if (!got || got->records.empty()) {
      ADD_FAILURE() << (got ? "nothing fetched" : got.error().message);
      return out;
    }
    for (const InRecord& record : got->records) {
      EXPECT_EQ(record.offset, next);
      ++next.value;
      out.push_back(own(record));
    }
  }
  return out;
}

inline std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

inline void write_file(const std::string& path, std::string_view bytes) {
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

// The file of a partition's first segment.
inline std::string segment_path(const std::string& folder, std::string_view topic, int partition) {
  std::string number = std::to_string(partition);
  number.insert(0, 5 - number.size(), '0');
  return folder + "/topics/" + std::string(topic) + "/" + number + "/00000000000000000000.seg";
}

inline std::unique_ptr<Bus> must_open(const std::string& folder) {
  auto bus = open_embedded_bus(folder);
  if (!bus) {
    ADD_FAILURE() << bus.error().message;
    return make_memory_bus();
  }
  return std::move(*bus);
}

}  // namespace slipstream::bus
