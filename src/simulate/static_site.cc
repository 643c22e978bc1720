#include "simulate/static_site.h"

#include <fmt/core.h>
#include <algorithm>
#include <charconv>
#include <fstream>
#include <iterator>
#include <optional>

#include "core/json_writer.h"
#include "core/time.h"
#include "feed/source.h"
#include "simulate/feed_state.h"
#include "simulate/season_index.h"

namespace slipstream::simulate {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";

std::uint64_t hash_of(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return hash;
}

std::optional<std::string> read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  return std::string(std::istreambuf_iterator<char>(file), {});
}

std::string_view content_type_of(std::string_view name) {
  return name.ends_with(".json") ? "application/json" : "application/octet-stream";
}

feed::JsonTree tree_of(const std::string& json) {
  simdjson::dom::parser parser;
  simdjson::dom::element value;
  feed::JsonTree tree;
  if (parser.parse(json).get(value) == simdjson::SUCCESS) static_cast<void>(tree.merge(value));
  return tree;
}

// What a source's messages are as the files of an archive, and its state at the end.
struct Files {
  std::map<std::string, std::string, std::less<>> streams;
  FeedState state;
};

Result<Files> read_files(feed::Source& source) {
  Files files;
  feed::SourceItem item;
  while (true) {
    const auto has_item = source.next(item);
    if (!has_item) return tl::make_unexpected(has_item.error());
    if (!*has_item) return files;
    const auto* const message = std::get_if<feed::Message>(&item);
    if (message == nullptr) continue;
    files.state.apply(*message);
    auto& stream = files.streams[message->feed_topic];
    if (stream.empty()) stream = byte_order_mark;
    stream += format_session_time(std::max(message->session_time, SessionTime(0)));
    stream.append(wire_payload(*message)).append("\r\n");
  }
}

// {"Feeds":{"DriverList":{"KeyFramePath":"DriverList.json","StreamPath":"DriverList.jsonStream"}}}
std::string feed_index(const std::vector<std::string>& topics) {
  std::string text(byte_order_mark);
  JsonWriter json(text);
  json.begin_object().key("Feeds").begin_object();
  for (const std::string& topic : topics) {
    json.key(topic).begin_object();
    json.field("KeyFramePath", topic + ".json").field("StreamPath", topic + ".jsonStream").end_object();
  }
  json.end_object().end_object();
  return text;
}

}  // namespace

net::Response with_range(net::Response whole, std::string_view range, std::string_view if_range) {
  whole.headers.emplace_back("Accept-Ranges", "bytes");
  const bool is_other = !if_range.empty() && if_range != fmt::format("\"{}\"", whole.etag);
  if (!range.starts_with("bytes=") || is_other || !whole.body) return whole;
  const auto spec = range.substr(6);
  const auto dash = spec.find('-');
  std::uint64_t first = 0, last = whole.body->size();
  const auto read = [](std::string_view text, std::uint64_t& value) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && end == text.data() + text.size();
  };
  if (dash == std::string_view::npos || dash == 0 || !read(spec.substr(0, dash), first)) return whole;
  if (dash + 1 < spec.size()) {
    if (!read(spec.substr(dash + 1), last) || last < first) return whole;
    ++last;
  }
  const std::uint64_t size = whole.body->size();
  if (first >= size) {
    auto refusal = net::Response::error(416, "no such range");
    refusal.headers.emplace_back("Content-Range", fmt::format("bytes */{}", size));
    return refusal;
  }
  last = std::min(last, size);
  whole.status = 206;
  whole.headers.emplace_back("Content-Range", fmt::format("bytes {}-{}/{}", first, last - 1, size));
  whole.body = std::make_shared<const std::string>(whole.body->substr(first, last - first));
  return whole;
}

Result<void> StaticSite::add(const std::string& path) {
  auto source = feed::open_source(path);
  if (!source) return tl::make_unexpected(source.error());
  auto files = read_files(**source);
  if (!files) return tl::make_unexpected(files.error());
  Session session;
  session.info = files->state.topic("SessionInfo");
  session.path = std::string(tree_of(session.info)["Path"].filled_text().value_or(""));
  if (session.path.empty()) return {};
  std::vector<std::string> topics;
  for (auto& [topic, text] : files->streams) {
    topics.push_back(topic);
    const auto keep = [&session](const std::string& name, std::string content) {
      session.files[name].text = std::make_shared<const std::string>(std::move(content));
    };
    keep(topic + ".jsonStream", std::move(text));
    keep(topic + ".json", std::string(byte_order_mark) + files->state.topic(topic));
  }
  session.files["Index.json"].text = std::make_shared<const std::string>(feed_index(topics));
  std::error_code error;
  if ((*source)->info().kind == feed::SourceKind::archive) {
    for (fs::directory_iterator it(path, error), end; !error && it != end; it.increment(error)) {
      std::error_code ignored;
      if (it->is_regular_file(ignored)) session.files[it->path().filename().string()] = {it->path(), nullptr};
    }
  }
  sessions_.push_back(std::move(session));
  return {};
}

std::string StaticSite::season_index(std::string_view year) const {
  SeasonIndex index;
  for (const Session& session : sessions_) {
    if (session.path.starts_with(std::string(year) + "/")) index.add_session(tree_of(session.info));
  }
  return index.json(year);
}

net::Response StaticSite::get(std::string_view path, const net::Request& request) const {
  const auto answer = [&](std::string_view name, std::shared_ptr<const std::string> text) {
    net::Response response;
    response.content_type = content_type_of(name);
    response.etag = fmt::format("{:016x}", hash_of(*text));
    response.body = std::move(text);
    return with_range(std::move(response), request.header("Range"), request.header("If-Range"));
  };
  const bool is_year = path.size() == 15 && path.ends_with("/Index.json") &&
                       path.substr(0, 4).find_first_not_of("0123456789") == std::string_view::npos;
  if (is_year) return answer(path, std::make_shared<const std::string>(season_index(path.substr(0, 4))));
  for (const Session& session : sessions_) {
    if (!path.starts_with(session.path)) continue;
    if (std::chrono::steady_clock::now() < published_.load()) return net::Response::error(403, "forbidden");
    const auto file = session.files.find(path.substr(session.path.size()));
    if (file == session.files.end()) break;
    if (file->second.text) return answer(path, file->second.text);
    auto text = read_file(file->second.path);
    if (text) return answer(path, std::make_shared<const std::string>(std::move(*text)));
  }
  return net::Response::error(404, "not found");
}

}  // namespace slipstream::simulate
