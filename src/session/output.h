// What the fold publishes: rows, each with its revision and the session time of the message that caused it.
//
// One list a table; within a list the order of publication. Callers read and clear() it after every message:
// most messages change no row, and cost no walk over the lists.
// Values; one thread at a time.
#pragma once

#include <cstddef>
#include <iterator>
#include <map>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

#include "record/batch.h"
#include "record/row_key.h"
#include "record/table.h"

namespace slipstream::session {

using record::Int;
using std::optional;

template <class Row>
struct Published {
  Row row;
  record::Envelope envelope;
  Int at_ms = 0;  // session time of the message that caused it; the row's own times may be earlier
};

class Output {
 public:
  template <class Row>
  std::vector<Published<Row>>& rows() {
    is_touched_ = true;
    return std::get<std::vector<Published<Row>>>(lists_);
  }
  template <class Row>
  std::size_t count() const {
    return std::get<std::vector<Published<Row>>>(lists_).size();
  }
  // False if no list has been written to since it was cleared: then all are empty.
  bool is_touched() const { return is_touched_; }
  // Calls visit(std::vector<Published<Row>>&) for every table.
  template <class Visit>
  void for_each_table(Visit visit) {
    std::apply([&](auto&... list) { (visit(list), ...); }, lists_);
  }
  // Moves everything of `other` behind what is here.
  void append(Output&& other) {
    for_each_table([&]<class Row>(std::vector<Published<Row>>& list) {
      auto& more = std::get<std::vector<Published<Row>>>(other.lists_);
      list.insert(list.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
    });
    is_touched_ = is_touched_ || other.is_touched_;
    other.clear();
  }
  void clear() {
    if (!std::exchange(is_touched_, false)) return;
    for_each_table([](auto& list) { list.clear(); });
  }
  bool empty() {
    if (!is_touched_) return true;
    bool is_empty = true;
    for_each_table([&](const auto& list) { is_empty = is_empty && list.empty(); });
    return is_empty;
  }

 private:
  template <class Variant>
  struct ListsOf;
  template <class... Rows>
  struct ListsOf<std::variant<Rows...>> {
    using Type = std::tuple<std::vector<Published<Rows>>...>;
  };
  ListsOf<record::AnyRow>::Type lists_;
  bool is_touched_ = false;
};

// The rows of one table as they were published last. publish() puts out what is new or has changed, with the
// revision counted; withdraw() takes a row back. So a fold may say the same row as often as it likes.
template <class Row>
class RevisionTable {
 public:
  // The row of that key as it was published last; nullptr if it was not, or is withdrawn.
  const Row* find(const Row& row_of_key) const {
    const auto entry = entries_.find(record::row_key(row_of_key));
    return entry == entries_.end() || entry->second.envelope.is_withdrawn ? nullptr : &entry->second.row;
  }

  // True if there was something to put out.
  bool publish(const Row& row, Int at_ms, Output& output) {
    const record::RowKey key = record::row_key(row);
    const auto found = entries_.lower_bound(key);
    if (found == entries_.end() || found->first != key) {
      entries_.emplace_hint(found, key, Entry{row, {}});
      output.rows<Row>().push_back({row, {}, at_ms});
      return true;
    }
    Entry& last = found->second;
    if (last.row == row && !last.envelope.is_withdrawn) return false;
    last.row = row;
    last.envelope = {last.envelope.revision + 1, false};
    output.rows<Row>().push_back({row, last.envelope, at_ms});
    return true;
  }

  void withdraw(const Row& row_of_key, Int at_ms, Output& output) {
    const auto entry = entries_.find(record::row_key(row_of_key));
    if (entry == entries_.end() || entry->second.envelope.is_withdrawn) return;
    Entry& last = entry->second;
    last.envelope = {last.envelope.revision + 1, true};
    output.rows<Row>().push_back({last.row, last.envelope, at_ms});
  }

 private:
  struct Entry {
    Row row;
    record::Envelope envelope;
  };
  std::map<record::RowKey, Entry> entries_;
};

}  // namespace slipstream::session
