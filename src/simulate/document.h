// A topic's state as F1 keeps it, and what of it has changed since the last message: only that is sent.
//
// A keyframe has lists as lists, a patch has them as objects keyed by index; what is put in as a whole goes
// out as a whole, lists and all. Members keep the order in which they came. Pure; one thread at a time.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace slipstream::simulate {

class Document {
 public:
  // Names of members, from the outside in; an index of a list in digits.
  using Path = std::initializer_list<std::string_view>;

  void set(Path path, std::string_view text);
  void set(Path path, const char* text) { set(path, std::string_view(text)); }
  void set(Path path, const std::string& text) { set(path, std::string_view(text)); }
  void set(Path path, int number);
  void set(Path path, bool flag);
  // A value that is JSON already, of our own making: it is checked, not believed.
  void put(Path path, std::string_view json);
  // Removes a member, which the patch says as `_deleted`. Nothing happens if there is none.
  void remove(Path path, std::string_view member);

  bool has(Path path) const { return find(path) != nullptr; }
  bool has_changed() const { return !changes_.members.empty(); }
  // What has changed since it was called last, as JSON; "{}" if nothing has.
  std::string take_patch();
  // The whole state, as JSON.
  std::string keyframe() const;

 private:
  struct Member;
  struct Node {
    enum class Kind : unsigned char { leaf, object, list };
    Kind kind = Kind::object;
    std::string leaf;                  // JSON text of a leaf
    std::vector<Member> members;       // of a list: named by index
    std::vector<std::string> deleted;  // of a change

    Node* child(std::string_view name);
    Node& child_or_new(std::string_view name);
    bool operator==(const Node&) const;
  };
  struct Member {
    std::string name;
    Node node;
    bool operator==(const Member&) const = default;
  };

  const Node* find(Path path) const;
  void set_leaf(Path path, std::string leaf);
  void assign(Path path, Node value);
  static Node parsed(std::string_view json);
  static void write(const Node& node, std::string& out);

  Node state_, changes_;
};

// A number as the name of a member.
std::string index_text(int number);

}  // namespace slipstream::simulate
