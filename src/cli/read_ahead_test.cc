#include "cli/read_ahead.h"

#include <gtest/gtest.h>

#include <string>

namespace slipstream::cli {
namespace {

// Messages numbered from 0 in their session time, then the end or an error.
class Numbers final : public feed::Source {
 public:
  explicit Numbers(int count, std::optional<Error> error = {}) : count_(count), error_(std::move(error)) {}

  const feed::SourceInfo& info() const override { return info_; }
  Result<bool> next(feed::SourceItem& item) override {
    if (at_ == count_ && error_) return tl::make_unexpected(*error_);
    if (at_ == count_) return false;
    auto& message = item.emplace<feed::Message>();
    message.session_time = SessionTime(at_);
    message.payload = std::to_string(at_++);
    return true;
  }
  std::int64_t bytes_read() const override { return at_; }

 private:
  feed::SourceInfo info_;
  int count_;
  int at_ = 0;
  std::optional<Error> error_;
};

TEST(ReadAhead, HandsOverEveryMessageOnceAndInOrder) {
  for (const int count : {0, 1, 127, 128, 129, 5000}) {
    ReadAhead source(std::make_unique<Numbers>(count));
    feed::SourceItem item;
    for (int i = 0; i < count; ++i) {
      ASSERT_EQ(source.next(item), true);
      ASSERT_EQ(std::get<feed::Message>(item).payload, std::to_string(i));
    }
    EXPECT_EQ(source.next(item), false);
    EXPECT_EQ(source.next(item), false) << "and stays at the end";
    EXPECT_EQ(source.bytes_read(), count);
  }
}

TEST(ReadAhead, HandsOverWhatCameBeforeAnError) {
  ReadAhead source(std::make_unique<Numbers>(200, Error{Errc::unavailable, "the disk is gone"}));
  feed::SourceItem item;
  for (int i = 0; i < 200; ++i) ASSERT_EQ(source.next(item), true);
  const auto outcome = source.next(item);
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().message, "the disk is gone");
}

TEST(ReadAhead, StopsInTheMiddle) {
  ReadAhead source(std::make_unique<Numbers>(1'000'000));
  feed::SourceItem item;
  EXPECT_EQ(source.next(item), true);
}

}  // namespace
}  // namespace slipstream::cli
