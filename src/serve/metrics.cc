#include "serve/metrics.h"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>

namespace slipstream::serve {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

class Families {
 public:
  // Begins a family; add() puts its samples in.
  Families& family(const char* name, MetricType type, const char* help) {
    families_.push_back({name, help, type, {}});
    return *this;
  }
  Families& add(double value, std::vector<ClientMetric::Label> labels = {}) {
    ClientMetric metric;
    metric.label = std::move(labels);
    if (families_.back().type == MetricType::Counter) metric.counter.value = value;
    else metric.gauge.value = value;
    families_.back().metric.push_back(std::move(metric));
    return *this;
  }
  Families& counter(const char* name, const char* help, std::uint64_t value) {
    return family(name, MetricType::Counter, help).add(static_cast<double>(value));
  }
  Families& gauge(const char* name, const char* help, double value) {
    return family(name, MetricType::Gauge, help).add(value);
  }
  std::string text() const { return prometheus::TextSerializer().Serialize(families_); }

 private:
  std::vector<MetricFamily> families_;
};

void add_log(Families& families, const Measurements& measured) {
  if (measured.tailer) {
    families.family("slipstream_records_total", MetricType::Counter, "Records read from the bus.");
    for (std::size_t i = 0; i < tailed_topics.size(); ++i) {
      families.add(static_cast<double>(measured.tailer->records[i]),
                   {{"topic", std::string(tailed_topics[i])}});
    }
    families.counter("slipstream_records_undecodable_total", "Records of the bus that could not be read.",
                     measured.tailer->undecodable);
  }
  families.counter("slipstream_rejected_total", "Pieces of the feed that the engine set aside.",
                   measured.hub.records_rejected);
}

void add_sessions(Families& families, const Measurements& measured) {
  const auto per_session = [&](const char* name, const char* help, auto value) {
    families.family(name, MetricType::Gauge, help);
    for (const SessionSummary& session : measured.sessions) {
      families.add(static_cast<double>(value(session)),
                   {{"session_key", std::to_string(session.session_key.value)}});
    }
  };
  per_session("slipstream_session_edge_ms", "How far a session has come, in session time.",
              [](const SessionSummary& session) { return session.edge_ms; });
  per_session("slipstream_session_edge_lag_ms",
              "Session time between the edge and the newest record that was read.",
              [](const SessionSummary& session) {
                const bool is_on = session.mode != Mode::archive;
                return is_on ? std::max<std::int64_t>(0, session.edge_ms - session.newest_ms) : 0;
              });
  per_session("slipstream_session_rows", "Rows of a session in memory.",
              [](const SessionSummary& session) { return session.row_count; });
  per_session("slipstream_session_samples", "Telemetry samples of a session in memory.",
              [](const SessionSummary& session) { return session.sample_count; });
}

void add_server(Families& families, const Measurements& measured) {
  const net::ServerCounters& server = measured.server;
  families.counter("slipstream_http_requests_total", "Requests answered.", server.requests);
  families.counter("slipstream_http_requests_refused_total", "Requests refused before a handler saw them.",
                   server.requests_refused);
  families.gauge("slipstream_connections", "Open connections.", static_cast<double>(server.connections_open));
  families.gauge("slipstream_websockets", "Open WebSockets.", static_cast<double>(server.websockets_open));
  families.counter("slipstream_bytes_sent_total", "Bytes written to clients.", server.bytes_sent);
}

void add_feed(Families& families, const FeedMeasurements& feed) {
  const auto count = [&](const char* name, const char* help, std::int64_t value) {
    families.counter(name, help, static_cast<std::uint64_t>(value));
  };
  count("slipstream_live_frames_total", "Frames received from the live feed.", feed.frames);
  count("slipstream_live_messages_total", "Feed messages in them.", feed.messages);
  count("slipstream_live_connections_total", "Connections to the live feed.", feed.connections);
  count("slipstream_live_failed_tries_total", "Connections that failed or broke.", feed.failed_tries);
  count("slipstream_live_silences_total", "Connections that were left because nothing came.", feed.silences);
  count("slipstream_live_recorded_bytes_total", "Bytes of the raw recording.", feed.recorded_bytes);
  families.gauge("slipstream_live_recording_failed", "1: the recording has stopped, the disk may be full.",
                 feed.has_recording_failed ? 1 : 0);
}

}  // namespace

std::string encode_metrics(const Measurements& measured) {
  Families families;
  add_log(families, measured);
  const HubCounters& hub = measured.hub;
  families.gauge("slipstream_viewers", "Browsers that watch.", static_cast<double>(hub.viewers));
  families.gauge("slipstream_viewers_at_edge", "Browsers that share the stream of the edge.",
                 static_cast<double>(hub.viewers_at_edge));
  families.counter("slipstream_frames_sent_total", "Frames given to browsers.", hub.frames_sent);
  families.counter("slipstream_frames_dropped_total", "Frames that slow browsers did not get.",
                   hub.frames_dropped);
  families.counter("slipstream_snapshots_sent_total", "Frames that were snapshots.", hub.snapshots_sent);
  families.counter("slipstream_viewer_errors_total", "Messages of browsers that were refused.",
                   hub.errors_sent);
  add_sessions(families, measured);
  add_server(families, measured);
  if (measured.feed) add_feed(families, *measured.feed);
  families.gauge("slipstream_uptime_seconds", "Seconds since the server was started.", measured.uptime_s);
  families.gauge("process_resident_memory_bytes", "Resident memory.",
                 static_cast<double>(measured.memory_bytes));
  return families.text();
}

std::int64_t process_memory_bytes() {
  std::ifstream file("/proc/self/statm");
  std::int64_t total_pages = 0, resident_pages = 0;
  if (!(file >> total_pages >> resident_pages)) return 0;
  return resident_pages * sysconf(_SC_PAGESIZE);
}

}  // namespace slipstream::serve
