// feed cat: the messages of a source in their order, decoded, one JSON object a line.
#include <fmt/core.h>
#include <simdjson.h>

#include "cli/commands.h"
#include "cli/report.h"
#include "core/json_writer.h"
#include "feed/source.h"

namespace slipstream::cli {
namespace {

constexpr std::size_t print_bytes = 1u << 16;

struct Filter {
  std::optional<std::string> driver;
  std::optional<SessionTime> from, to;

  bool takes(const feed::Message& message) const {
    if (from && message.session_time < *from) return false;
    if (to && message.session_time > *to) return false;
    return !driver || message.payload.find(fmt::format("\"{}\":", *driver)) != std::string::npos;
  }
};

// The payload without white space, so that a line stays a line.
void append_payload(JsonWriter& json, const feed::Message& message, std::string& minified) {
  minified.resize(message.payload.size());
  std::size_t size = 0;
  const auto error = simdjson::minify(message.payload.data(), message.payload.size(), minified.data(), size);
  if (error == simdjson::SUCCESS) json.raw(std::string_view(minified).substr(0, size));
  else json.value(message.payload);
}

Result<Filter> filter_of(const FeedCatOptions& options) {
  Filter filter;
  if (options.driver_number) filter.driver = std::to_string(*options.driver_number);
  for (const auto& [text, limit] :
       {std::pair(&options.from, &filter.from), std::pair(&options.to, &filter.to)}) {
    if (text->empty()) continue;
    const auto time = parse_session_time(*text);
    if (!time) return tl::make_unexpected(time.error());
    *limit = *time;
  }
  return filter;
}

}  // namespace

int run_feed_cat(const FeedCatOptions& options) {
  const auto filter = filter_of(options);
  if (!filter) return report_usage("feed cat: " + filter.error().message);
  const auto source = feed::open_source(options.source, {.topics = options.topics});
  if (!source) return report_failure(source.error());
  feed::SourceItem item;
  std::string out, minified;
  std::int64_t broken_count = 0;
  while (true) {
    const auto has_item = (*source)->next(item);
    if (!has_item) return report_failure(has_item.error());
    if (!*has_item) break;
    const auto* message = std::get_if<feed::Message>(&item);
    broken_count += message ? 0 : 1;
    if (!message || !filter->takes(*message)) continue;
    JsonWriter json(out);
    json.begin_object().field("feed_topic", message->feed_topic);
    json.field("session_time_ms", message->session_time.count());
    json.key("utc");
    if (message->utc) json.value(format_utc(*message->utc));
    else json.null();
    json.field("is_snapshot", message->is_snapshot);
    json.key("payload");
    append_payload(json, *message, minified);
    json.end_object();
    out += '\n';
    if (out.size() >= print_bytes) {
      print(out);
      out.clear();
    }
  }
  print(out);
  if (broken_count > 0)
    report_warning(fmt::format("{}: {} pieces could not be read", options.source, broken_count));
  return exit_done;
}

}  // namespace slipstream::cli
