#include "cli/fold_source.h"

#include <fmt/core.h>

#include <memory>
#include <optional>

#include "cli/rows_behind.h"
#include "cli/session_rows.h"
#include "session/engine.h"
#include "session/feed_topics.h"
#include "session/session_splitter.h"

namespace slipstream::cli {
namespace {

class SourceFold {
 public:
  SourceFold(const feed::SourceInfo& info, const FoldPlan& plan) : info_(info), plan_(plan) {
    begin_session();
  }

  void take(feed::SourceItem& item) {
    const session::Belongs belongs = splitter_.take(item);
    if (belongs == session::Belongs::left_session) return;
    if (belongs == session::Belongs::next_session) {
      end_session();
      begin_session();
    }
    if (const auto* message = std::get_if<feed::Message>(&item)) {
      ++message_count_;
      engine_->apply(*message, output_);
    } else {
      const auto& broken = std::get<feed::BrokenInput>(item);
      if (folded_.broken_count++ == 0) folded_.first_reason = broken.reason;
      engine_->reject(broken, output_);
    }
    take_rows();
  }
  Result<FoldedSource> finish() && {
    if (message_count_ == 0) {
      return fail(Errc::malformed, folded_.broken_count > 0
                                       ? fmt::format("no message could be decoded ({})", folded_.first_reason)
                                       : "no message in it");
    }
    end_session();
    return std::move(folded_);
  }
  std::int64_t message_count() const { return message_count_; }

 private:
  void begin_session() {
    engine_ = std::make_unique<session::Engine>(session::EngineOptions{
        info_.name, info_.kind, session::needs_of(plan_.tables), plan_.is_for_files, plan_.circuit});
    rows_ = std::make_unique<SessionRows>(plan_.tables, plan_.packed);
    if (plan_.is_beside) behind_.emplace(*rows_);
  }
  void take_rows() {
    if (behind_) behind_->take(output_);
    else rows_->take(output_);
  }
  void end_session() {
    for (bool is_more = true; is_more;) {
      is_more = engine_->finish_some(output_);
      take_rows();
    }
    if (behind_) behind_->finish(output_);
    behind_.reset();
    const SessionKey key = engine_->session_key();
    folded_.all_keys.push_back(key);
    if (plan_.wanted && *plan_.wanted != key) {
      if (plan_.packed) plan_.packed->drop(key);
      return;
    }
    if (plan_.is_for_files) rows_->say_complete();
    std::string date = rows_->date();
    folded_.sessions.push_back(
        {key, engine_->build(), std::move(date), std::move(*rows_).finish(engine_->build())});
  }

  const feed::SourceInfo& info_;
  const FoldPlan& plan_;
  session::SessionSplitter splitter_;
  std::unique_ptr<session::Engine> engine_;
  std::unique_ptr<SessionRows> rows_;
  std::optional<RowsBehind> behind_;  // of rows_, with is_beside
  session::Output output_;
  std::int64_t message_count_ = 0;
  FoldedSource folded_;
};

}  // namespace

Result<FoldedSource> fold_source(feed::Source& source, const FoldPlan& plan) {
  SourceFold fold(source.info(), plan);
  feed::SourceItem item;
  while (true) {
    const auto has_item = source.next(item);
    if (!has_item) return tl::make_unexpected(has_item.error());
    if (!*has_item) return std::move(fold).finish();
    fold.take(item);
    const auto* message = std::get_if<feed::Message>(&item);
    if (message && plan.on_progress && fold.message_count() % 256 == 0) {
      plan.on_progress(source, message->session_time);
    }
  }
}

}  // namespace slipstream::cli
