#include "simulate/document.h"

#include <simdjson.h>

#include <algorithm>

#include "core/json_writer.h"
#include "core/result.h"

namespace slipstream::simulate {

Document::Node* Document::Node::child(std::string_view name) {
  for (auto& [known, node] : members) {
    if (known == name) return &node;
  }
  return nullptr;
}

Document::Node& Document::Node::child_or_new(std::string_view name) {
  if (Node* known = child(name)) return *known;
  members.push_back({std::string(name), {}});
  return members.back().node;
}

bool Document::Node::operator==(const Node& other) const {
  return kind == other.kind && leaf == other.leaf && members == other.members;
}

void Document::set(Path path, std::string_view text) {
  std::string leaf;
  append_json_string(leaf, text);
  set_leaf(path, std::move(leaf));
}

void Document::set(Path path, int number) { set_leaf(path, std::to_string(number)); }
void Document::set(Path path, bool flag) { set_leaf(path, flag ? "true" : "false"); }

void Document::put(Path path, std::string_view json) { assign(path, parsed(json)); }

void Document::remove(Path path, std::string_view member) {
  if (find(path) == nullptr) return;
  Node* state = &state_;
  for (const std::string_view name : path) state = state->child(name);
  const auto gone = std::erase_if(state->members, [&](const auto& known) { return known.name == member; });
  if (gone == 0) return;
  Node* change = &changes_;
  for (const std::string_view name : path) change = &change->child_or_new(name);
  std::erase_if(change->members, [&](const auto& known) { return known.name == member; });
  change->deleted.emplace_back(member);
}

std::string Document::take_patch() {
  std::string out;
  write(changes_, out);
  changes_ = {};
  return out;
}

std::string Document::keyframe() const {
  std::string out;
  write(state_, out);
  return out;
}

const Document::Node* Document::find(Path path) const {
  const Node* node = &state_;
  for (const std::string_view name : path) {
    node = const_cast<Node*>(node)->child(name);
    if (node == nullptr) return nullptr;
  }
  return node;
}

void Document::set_leaf(Path path, std::string leaf) {
  assign(path, Node{Node::Kind::leaf, std::move(leaf), {}, {}});
}

void Document::assign(Path path, Node value) {
  Node* state = &state_;
  for (const std::string_view name : path) state = &state->child_or_new(name);
  const bool is_new = state->kind == Node::Kind::object && state->members.empty();
  const bool is_empty_object = value.kind == Node::Kind::object && value.members.empty();
  if (*state == value && !(is_new && is_empty_object)) return;
  Node* change = &changes_;
  for (const std::string_view name : path) change = &change->child_or_new(name);
  *change = value;
  *state = std::move(value);
}

namespace {

template <class Node, class Kind>
Node node_of(simdjson::dom::element json) {
  Node node;
  if (json.is_object()) {
    for (const auto [name, value] : simdjson::dom::object(json)) {
      node.members.push_back({std::string(name), node_of<Node, Kind>(value)});
    }
  } else if (json.is_array()) {
    node.kind = Kind::list;
    int index = 0;
    for (const auto value : simdjson::dom::array(json)) {
      node.members.push_back({std::to_string(index++), node_of<Node, Kind>(value)});
    }
  } else {
    node.kind = Kind::leaf;
    std::string_view text;
    if (json.get_string().get(text) == simdjson::SUCCESS) append_json_string(node.leaf, text);
    else node.leaf = simdjson::minify(json);
  }
  return node;
}

}  // namespace

Document::Node Document::parsed(std::string_view json) {
  simdjson::dom::parser parser;
  simdjson::dom::element element;
  const bool is_json = parser.parse(simdjson::padded_string(json)).get(element) == simdjson::SUCCESS;
  SLIP_CHECK(is_json);
  return node_of<Node, Node::Kind>(element);
}

void Document::write(const Node& node, std::string& out) {
  if (node.kind == Node::Kind::leaf) {
    out += node.leaf;
    return;
  }
  const bool is_list = node.kind == Node::Kind::list;
  out += is_list ? '[' : '{';
  const char* comma = "";
  for (const auto& [name, value] : node.members) {
    out += comma;
    comma = ",";
    if (!is_list) {
      append_json_string(out, name);
      out += ':';
    }
    write(value, out);
  }
  if (!node.deleted.empty()) {
    out += comma;
    out += "\"_deleted\":[";
    for (const std::string& name : node.deleted) {
      if (&name != &node.deleted.front()) out += ',';
      append_json_string(out, name);
    }
    out += ']';
  }
  out += is_list ? ']' : '}';
}

std::string index_text(int number) { return std::to_string(number); }

}  // namespace slipstream::simulate
