#include "simulate/archive_files.h"

#include <fmt/core.h>

#include <fstream>
#include <map>
#include <system_error>

#include "core/json_writer.h"
#include "simulate/feed_text.h"
#include "simulate/session_path.h"

namespace slipstream::simulate {
namespace {

namespace fs = std::filesystem;
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

Result<void> write_file(const fs::path& file, std::string_view text) {
  std::ofstream out(file, std::ios::binary | std::ios::trunc);
  out.write(text.data(), static_cast<std::streamsize>(text.size()));
  out.close();
  if (!out) return fail(Errc::unavailable, fmt::format("{}: cannot be written", file.string()));
  return {};
}

// Which files the folder has, by topic.
std::string feeds_json(const Script& script) {
  std::string text;
  JsonWriter json(text);
  json.begin_object().key("Feeds").begin_object();
  for (const Keyframe& keyframe : script.keyframes) {
    json.key(keyframe.topic).begin_object();
    json.field("KeyFramePath", keyframe.topic + ".json").field("StreamPath", keyframe.topic + ".jsonStream");
    json.end_object();
  }
  json.end_object().end_object();
  return text;
}

}  // namespace

Result<fs::path> write_archive(const History& history, const Script& script, const fs::path& root) {
  const std::string path = session_path(history);
  const fs::path folder = (root / path).parent_path();
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) return fail(Errc::unavailable, fmt::format("{}: {}", folder.string(), error.message()));
  std::map<std::string, std::string> streams;
  for (const Keyframe& keyframe : script.keyframes) streams[keyframe.topic] = byte_order_mark;
  for (const FeedMessage& message : script.messages) {
    std::string& stream = streams[message.topic];
    stream += feed_offset(message.session_time_ms);
    stream += message.payload;
    stream += "\r\n";
  }
  for (const auto& [topic, text] : streams) SLIP_TRY(write_file(folder / (topic + ".jsonStream"), text));
  for (const Keyframe& keyframe : script.keyframes) {
    SLIP_TRY(
        write_file(folder / (keyframe.topic + ".json"), std::string(byte_order_mark) + keyframe.payload));
  }
  SLIP_TRY(write_file(folder / "Index.json", std::string(byte_order_mark) + feeds_json(script)));
  std::string index(byte_order_mark);
  write_index_json(history, index);
  SLIP_TRY(write_file(root / path.substr(0, path.find('/')) / "Index.json", index));
  return folder;
}

}  // namespace slipstream::simulate
