// How long a frame of live timing takes to a record on the log and to a viewer's frame.
//
//   latency --feed http://127.0.0.1:8089/signalrcore --page ws://127.0.0.1:8080/ws/live --seconds 60 --bus
//   DIR
//
// Listens to the same server as the `slipstream live` that is measured, and to its page as a viewer. What it
// looks for is gaps to the leader: each comes in a frame of the feed, in a record of f1_timing and in a row
// of the page. The clock starts when the feed's frame is here; a gap that a viewer never sees, because the
// next one came with the same frame, has arrived with that one. Says "measured" when the time is over, waits
// for the end of stdin (by then `live` must have ended, because the log has one process), and prints JSON:
// counts, p50 and p99 in ms. Records have a stamp in whole milliseconds.
#include <fmt/core.h>
#include <simdjson.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "bus/bus.h"
#include "feed/live_client.h"
#include "net/websocket_client.h"
#include "record/codec.h"

namespace {

using namespace slipstream;  // NOLINT: a program of its own
using Steady = std::chrono::steady_clock;
using System = std::chrono::system_clock;

struct Sent {
  std::int64_t gap_ms;
  Steady::time_point at;
  System::time_point date;
};

struct Shown {
  std::int64_t gap_ms = -1;
  Steady::time_point at;
};

// "+12.345"; nothing for laps, leaders and what was taken away.
std::optional<std::int64_t> gap_of(std::string_view text) {
  if (text.size() < 6 || text.front() != '+') return std::nullopt;
  std::int64_t seconds = 0, thousandths = 0;
  const char* const last = text.data() + text.size();
  const auto [dot, is_bad] = std::from_chars(text.data() + 1, last, seconds);
  if (is_bad != std::errc() || dot == last || *dot != '.' || last - dot != 4) return std::nullopt;
  if (std::from_chars(dot + 1, last, thousandths).ptr != last) return std::nullopt;
  return seconds * 1000 + thousandths;
}

class Race {
 public:
  // A message of the feed.
  void sent(std::string_view message) {
    const auto now = Steady::now();
    const auto date = System::now();
    std::string_view topic;
    auto parsed = parser_.parse(message.data(), message.size());
    if (parsed["arguments"].at(0).get(topic) != simdjson::SUCCESS || topic != "TimingData") return;
    simdjson::dom::object lines;
    if (parsed["arguments"].at(1)["Lines"].get(lines) != simdjson::SUCCESS) return;
    const std::scoped_lock lock(mutex_);
    for (const auto [car, line] : lines) {
      std::string_view text;
      if (line["GapToLeader"].get(text) != simdjson::SUCCESS) continue;
      if (const auto gap_ms = gap_of(text)) add(std::string(car), {*gap_ms, now, date});
    }
  }

  // A frame of the page.
  void shown(std::string_view frame) {
    const auto now = Steady::now();
    simdjson::dom::object rows;
    if (page_parser_.parse(frame.data(), frame.size())["rows"].get(rows) != simdjson::SUCCESS) return;
    const std::scoped_lock lock(mutex_);
    for (const auto [car, row] : rows) {
      std::int64_t gap_ms = 0;
      if (row["gap_ms"].get(gap_ms) != simdjson::SUCCESS) continue;
      auto& waiting = waiting_[std::string(car)];
      const auto found = std::ranges::find(waiting, gap_ms, &Sent::gap_ms);
      shown_[std::string(car)] = {gap_ms, now};
      if (found == waiting.end()) continue;
      for (auto each = waiting.begin(); each <= found; ++each) frame_ms_.push_back(ms_between(each->at, now));
      waiting.erase(waiting.begin(), found + 1);
    }
  }

  void read_log(bus::Bus& bus) {
    record::Decoder decoder;
    for (const bus::TopicInfo& topic : bus.topics()) {
      if (topic.name != record::topic_timing) continue;
      for (std::int32_t partition = 0; partition < topic.partition_count; ++partition) {
        for (Offset next(0);;) {
          const auto fetched = bus.fetch(topic.name, Partition(partition), next, 1u << 20);
          if (!fetched || fetched->records.empty()) break;
          for (const bus::InRecord& record : fetched->records) take(decoder, topic.name, record);
          next = Offset(fetched->records.back().offset.value + 1);
        }
      }
    }
  }

  std::string report() {
    std::size_t unseen = 0;
    for (const auto& [car, waiting] : waiting_) unseen += waiting.size();
    return fmt::format(R"({{"frames":{},"frame_p50_ms":{:.2f},"frame_p99_ms":{:.2f},"unseen":{},)"
                       R"("records":{},"record_p50_ms":{:.2f},"record_p99_ms":{:.2f}}})"
                       "\n",
                       frame_ms_.size(), at(frame_ms_, 0.5), at(frame_ms_, 0.99), unseen, record_ms_.size(),
                       at(record_ms_, 0.5), at(record_ms_, 0.99));
  }

 private:
  static double ms_between(auto from, auto to) {
    return std::chrono::duration<double, std::milli>(to - from).count();
  }
  static double at(std::vector<double>& values, double share) {
    if (values.empty()) return 0;
    std::ranges::sort(values);
    return values[std::min(values.size() - 1,
                           static_cast<std::size_t>(share * static_cast<double>(values.size())))];
  }

  void add(const std::string& car, const Sent& sent) {
    sent_[car].push_back(sent);
    // The page may have been faster than this program's own connection.
    const Shown& shown = shown_[car];
    const double early_ms = ms_between(shown.at, sent.at);
    if (shown.gap_ms == sent.gap_ms && early_ms < 50) frame_ms_.push_back(0);
    else waiting_[car].push_back(sent);
  }

  void take(record::Decoder& decoder, std::string_view topic, const bus::InRecord& record) {
    const auto decoded = decoder.decode(topic, record.value);
    if (!decoded) return;
    const auto* timing = std::get_if<record::Timing>(&decoded->row);
    if (timing == nullptr || !timing->gap_ms) return;
    auto& sent = sent_[std::to_string(timing->driver_number)];
    const auto found = std::ranges::find(sent, *timing->gap_ms, &Sent::gap_ms);
    if (found == sent.end()) return;
    const System::time_point published{std::chrono::milliseconds(record.timestamp_ms)};
    record_ms_.push_back(std::max(0.0, ms_between(found->date, published)));
    sent.erase(sent.begin(), found + 1);
  }

  std::mutex mutex_;
  simdjson::dom::parser parser_, page_parser_;
  std::map<std::string, std::deque<Sent>> sent_, waiting_;  // by car
  std::map<std::string, Shown> shown_;
  std::vector<double> frame_ms_, record_ms_;
};

}  // namespace

int main(int argc, char** argv) {
  std::string feed, page, folder;
  double seconds = 60;
  CLI::App app("How long a frame of live timing takes to a record and to a viewer.");
  app.add_option("--feed", feed)->required();
  app.add_option("--page", page)->required();
  app.add_option("--bus", folder)->required();
  app.add_option("--seconds", seconds);
  CLI11_PARSE(app, argc, argv);

  auto viewer = net::WebSocketClient::connect({.url = page});
  if (!viewer || !(*viewer)->send(R"({"type":"hello"})")) {
    fmt::print(stderr, "latency: {}: no page there\n", page);
    return 1;
  }
  Race race;
  feed::LiveClient client({.url = feed}, {[&race](const feed::LiveClient::Frame& frame) {
                                            std::string_view rest = frame.text;
                                            while (!rest.empty()) {
                                              const std::size_t end =
                                                  std::min(rest.find('\x1e'), rest.size());
                                              if (frame.is_settled) race.sent(rest.substr(0, end));
                                              rest.remove_prefix(std::min(end + 1, rest.size()));
                                            }
                                            return true;
                                          },
                                          {}});
  std::jthread listener([&client](const std::stop_token& stop) { (void)client.run(stop); });
  const auto end = Steady::now() + std::chrono::duration<double>(seconds);
  while (Steady::now() < end) {
    const auto frame = (*viewer)->read(std::chrono::milliseconds(100), {});
    if (!frame) {
      fmt::print(stderr, "latency: {}: {}\n", page, frame.error().message);
      return 1;
    }
    if (*frame) race.shown(**frame);
  }
  listener.request_stop();
  listener.join();
  fmt::print("measured\n");
  std::fflush(stdout);
  while (std::getchar() != EOF) {
  }
  const auto bus = bus::open_embedded_bus(folder);
  if (!bus) {
    fmt::print(stderr, "latency: {}\n", bus.error().message);
    return 1;
  }
  race.read_log(**bus);
  fmt::print("{}", race.report());
  return 0;
}
