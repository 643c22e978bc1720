#include "simulate/archive_files.h"

#include <fmt/core.h>
#include <simdjson.h>

#include <fstream>
#include <iterator>
#include <map>
#include <system_error>

#include "core/json_writer.h"
#include "feed/json_tree.h"
#include "simulate/feed_text.h"
#include "simulate/season_index.h"
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

// Another session of the same name may have spoken of more.
Result<void> remove_topics(const fs::path& folder) {
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    const std::string extension = it->path().extension().string();
    if (extension == ".json" || extension == ".jsonStream") fs::remove(it->path(), error);
  }
  if (error) return fail(Errc::unavailable, fmt::format("{}: {}", folder.string(), error.message()));
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

// What the season's index names already it goes on naming.
Result<void> write_season_index(const History& history, const fs::path& season) {
  SeasonIndex index;
  const fs::path file = season / "Index.json";
  if (std::ifstream there(file, std::ios::binary); there) {
    const auto added = index.add_index(std::string(std::istreambuf_iterator<char>(there), {}));
    if (!added) return fail(Errc::unavailable, fmt::format("{}: {}", file.string(), added.error().message));
  }
  std::string info;
  write_info_json(history, "Finalised", "Complete", info);
  simdjson::dom::parser parser;
  simdjson::dom::element value;
  feed::JsonTree tree;
  const bool is_json = parser.parse(info).get(value) == simdjson::SUCCESS && tree.merge(value);
  SLIP_CHECK(is_json);
  index.add_session(tree);
  return write_file(file, index.json(season.filename().string()));
}

}  // namespace

Result<fs::path> write_archive(const History& history, const Script& script, const fs::path& root) {
  const std::string path = session_path(history);
  const fs::path folder = (root / path).parent_path();
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) return fail(Errc::unavailable, fmt::format("{}: {}", folder.string(), error.message()));
  SLIP_TRY(remove_topics(folder));
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
  SLIP_TRY(write_season_index(history, root / path.substr(0, path.find('/'))));
  return folder;
}

}  // namespace slipstream::simulate
