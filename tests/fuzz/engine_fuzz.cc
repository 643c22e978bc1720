// A session of hostile messages, one a line as "<ms> <topic> <json>": no message crashes the fold, and what
// it publishes keeps its promises: a revision only grows, nothing is published of a row that did not change.
#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "core/result.h"
#include "feed/message.h"
#include "feed/payload.h"
#include "record/row_key.h"
#include "session/engine.h"

using namespace slipstream;

namespace {

class Checker {
 public:
  void check(session::Output& output) {
    output.for_each_table([this]<class Row>(std::vector<session::Published<Row>>& list) {
      for (const auto& published : list) {
        const auto key = std::pair(std::string(record::Table<Row>::name), record::row_key(published.row));
        const auto [entry, is_new] = revisions_.try_emplace(key, published.envelope.revision);
        SLIP_CHECK(is_new ? entry->second == 0 : published.envelope.revision == entry->second + 1);
        entry->second = published.envelope.revision;
      }
    });
    output.clear();
  }

 private:
  std::map<std::pair<std::string, record::RowKey>, std::int32_t> revisions_;
};

bool read_message(std::string_view line, feed::Message& message) {
  std::int64_t ms = 0;
  const auto [rest, error] = std::from_chars(line.data(), line.data() + line.size(), ms);
  line.remove_prefix(static_cast<std::size_t>(rest - line.data()));
  if (error != std::errc() || !line.starts_with(' ') || ms < 0 || ms > 100'000'000) return false;
  line.remove_prefix(1);
  const std::size_t space = line.find(' ');
  if (space == std::string_view::npos) return false;
  message.feed_topic = line.substr(0, space);
  message.is_snapshot = message.feed_topic.ends_with('!');
  if (message.is_snapshot) message.feed_topic.pop_back();
  message.session_time = SessionTime(ms);
  if (!feed::check_payload(line.substr(space + 1))) return false;  // sources let nothing else pass
  feed::assign_payload(message.payload, line.substr(space + 1));
  return true;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text(reinterpret_cast<const char*>(data), size);
  session::Engine engine({.source_name = "fuzz", .source_kind = feed::SourceKind::archive});
  session::Output output;
  Checker checker;
  feed::Message message;
  SessionTime now{};
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    if (read_message(text.substr(0, end), message)) {
      now = message.session_time = std::max(now, message.session_time);  // sources yield them in order
      engine.apply(message, output);
      checker.check(output);
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  engine.finish(output);
  checker.check(output);
  return 0;
}
