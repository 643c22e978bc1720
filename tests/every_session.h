// Every session below SLIPSTREAM_DATA, found by walking the folder, folded into the tables that a law is
// about. For tests only.
#pragma once

#include <gtest/gtest.h>
#include <filesystem>
#include <map>
#include <string>
#include <tuple>
#include <type_traits>
#include <vector>

#include "feed/find_sources.h"
#include "session/feed_topics.h"
#include "session/session_splitter.h"
#include "tests/race_tables.h"

namespace slipstream::testing_support {

// Samples, which are never revised and are most of a session, as they came; other rows by key.
template <class Row>
inline constexpr bool is_sample =
    std::is_same_v<Row, record::CarSample> || std::is_same_v<Row, record::PositionSample>;
template <class Row>
using TableOf = std::conditional_t<is_sample<Row>, std::vector<Row>, std::map<record::RowKey, Row>>;

template <class Row>
void keep_rows(session::Output& output, TableOf<Row>& table) {
  if constexpr (is_sample<Row>) {
    for (auto& published : output.rows<Row>()) table.push_back(std::move(published.row));
  } else {
    keep(output, table);
  }
}

// Of telemetry, half a million rows, what the end of each lap needs.
template <>
inline void keep_rows<record::Telemetry>(session::Output& output, TableOf<record::Telemetry>& table) {
  for (auto& published : output.rows<record::Telemetry>()) {
    const double share = published.row.relative_distance.value_or(0);
    if (share > 0.9 && share < 1)
      table.insert_or_assign(record::row_key(published.row), std::move(published.row));
  }
}

// The rows of one session as they stand at its end.
template <class... Rows>
struct SessionTables {
  std::string name;  // of its source
  record::Session session;
  std::tuple<TableOf<Rows>...> tables;

  template <class Row>
  const TableOf<Row>& table() const {
    return std::get<TableOf<Row>>(tables);
  }
  bool is_race_like() const { return session.session_kind == "race" || session.session_kind == "sprint"; }
  // "2025_brazil_sprint.ns.txt.gz, session 9864", for what a test says.
  std::string label() const { return name + ", session " + std::to_string(session.session_key.value); }
};

// Folds one session after the other of one source.
template <class... Rows>
class SessionFolder {
 public:
  SessionFolder(const feed::SourceInfo& info, session::Needs needs) : info_(info), needs_(std::move(needs)) {
    begin();
  }
  void take(feed::SourceItem& item) {
    const session::Belongs belongs = splitter_.take(item);
    if (belongs == session::Belongs::left_session) return;
    if (belongs == session::Belongs::next_session) {
      end();
      begin();
    }
    if (const auto* message = std::get_if<feed::Message>(&item)) engine_->apply(*message, output_);
    keep_all();
  }
  std::vector<SessionTables<Rows...>> finish() && {
    end();
    return std::move(sessions_);
  }

 private:
  void begin() {
    engine_ = std::make_unique<session::Engine>(
        session::EngineOptions{info_.name, info_.kind, needs_, /*is_batch=*/true});
    sessions_.emplace_back().name = info_.name;
  }
  void end() {
    for (bool is_more = true; is_more;) {
      is_more = engine_->finish_some(output_);
      keep_all();
    }
  }
  void keep_all() {
    SessionTables<Rows...>& kept = sessions_.back();
    (keep_rows<Rows>(output_, std::get<TableOf<Rows>>(kept.tables)), ...);
    for (const auto& published : output_.rows<record::Session>()) kept.session = published.row;
    output_.clear();
  }

  feed::SourceInfo info_;
  session::Needs needs_;
  session::SessionSplitter splitter_;
  std::unique_ptr<session::Engine> engine_;
  session::Output output_;
  std::vector<SessionTables<Rows...>> sessions_;
};

// What lies below SLIPSTREAM_DATA; a folder that is not there has nothing.
inline std::vector<std::string> every_source() {
  std::vector<std::string> sources;
  for (const char* folder : {"archive", "recordings"}) {
    if (!std::filesystem::exists(data_root() / folder)) continue;
    const auto found = feed::find_sources((data_root() / folder).string());
    sources.insert(sources.end(), found.begin(), found.end());
  }
  return sources;
}

// Sources that have messages of the topic; of a recording it is read until one comes.
inline std::vector<std::string> sources_with(const std::string& feed_topic) {
  std::vector<std::string> sources;
  for (const std::string& path : every_source()) {
    auto source = feed::open_source(path, {.topics = {feed_topic}});
    feed::SourceItem item;
    if (source && (*source)->next(item).value_or(false)) sources.push_back(path);
  }
  return sources;
}

// Calls visit(SessionTables<Rows...>&) for every session of the sources.
template <class... Rows, class Visit>
void for_each_session(const std::vector<std::string>& sources, const session::Needs& needs, Visit visit) {
  for (const std::string& path : sources) {
    auto source = feed::open_source(path, {.topics = needs.feed_topics});
    ASSERT_TRUE(source) << source.error().message;
    SessionFolder<Rows...> folder((*source)->info(), needs);
    feed::SourceItem item;
    while ((*source)->next(item).value_or(false)) folder.take(item);
    for (auto& tables : std::move(folder).finish()) {
      SCOPED_TRACE(tables.label());
      visit(tables);
    }
  }
}

}  // namespace slipstream::testing_support
