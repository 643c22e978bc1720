#include "tests/late_recording.h"

#include <gtest/gtest.h>
#include <simdjson.h>
#include <map>
#include <string>

#include "core/json_writer.h"
#include "feed/json_tree.h"

namespace slipstream::testing_support {
namespace {

using feed::JsonTree;

// Any instant will do, as long as the samples' own fit it: Mexico City's zero; sessions without samples do
// not care.
const UtcTime zero_date(std::chrono::milliseconds(1'761'425'183'899));

void write(const JsonTree& tree, JsonWriter& json) {
  switch (tree.kind()) {
    case JsonTree::Kind::missing:
    case JsonTree::Kind::null: json.null(); return;
    case JsonTree::Kind::boolean: json.value(*tree.flag()); return;
    case JsonTree::Kind::number: json.value(*tree.number()); return;
    case JsonTree::Kind::text: json.value(*tree.text()); return;
    case JsonTree::Kind::list:
      json.begin_array();
      for (const auto& [name, value] : tree.members()) write(value, json);
      json.end_array();
      return;
    case JsonTree::Kind::object: break;
  }
  json.begin_object();
  for (const auto& [name, value] : tree.members()) write(value, json.key(name));
  json.end_object();
}

feed::Message at(feed::Message message, SessionTime from) {
  message.utc = zero_date + message.session_time;
  message.session_time -= from;
  return message;
}

}  // namespace

std::vector<feed::SourceItem> items_of(const std::filesystem::path& path) {
  std::vector<feed::SourceItem> items;
  auto source = feed::open_source(path.string());
  EXPECT_TRUE(source) << source.error().message;
  feed::SourceItem item;
  while (source && (*source)->next(item).value_or(false)) items.push_back(item);
  return items;
}

std::vector<feed::SourceItem> late_recording(const std::vector<feed::SourceItem>& items, SessionTime from) {
  std::map<std::string, JsonTree> topics;
  std::vector<feed::SourceItem> later;
  simdjson::dom::parser parser;
  for (const feed::SourceItem& item : items) {
    const auto* message = std::get_if<feed::Message>(&item);
    if (!message) continue;
    if (message->session_time >= from) {
      later.push_back(at(*message, from));
    } else if (!message->feed_topic.ends_with(".z")) {
      simdjson::dom::element change;
      if (parser.parse(message->payload).get(change) != simdjson::SUCCESS) continue;
      EXPECT_TRUE(topics[message->feed_topic].merge(change));
    }
  }
  std::vector<feed::SourceItem> recording;
  for (const auto& [name, tree] : topics) {
    feed::Message snapshot;
    snapshot.feed_topic = name;
    snapshot.session_time = from;
    snapshot.is_snapshot = true;
    JsonWriter json(snapshot.payload);
    write(tree, json);
    recording.emplace_back(at(std::move(snapshot), from));
  }
  recording.insert(recording.end(), later.begin(), later.end());
  return recording;
}

}  // namespace slipstream::testing_support
