// A source that is read and unpacked on a thread of its own, a few hundred messages ahead of who uses it.
//
// Items, order and errors are those of the source inside. Thread rule: one thread at a time, as any source.
#pragma once

#include <memory>
#include <optional>
#include <thread>
#include <vector>

#include "core/bounded_queue.h"
#include "feed/source.h"

namespace slipstream::cli {

class ReadAhead final : public feed::Source {
 public:
  explicit ReadAhead(std::unique_ptr<feed::Source> inner);
  ~ReadAhead() override;

  const feed::SourceInfo& info() const override { return info_; }
  Result<bool> next(feed::SourceItem& item) override;
  std::int64_t bytes_read() const override { return current_.bytes_read; }

 private:
  // Items go to the user by swapping, so that their buffers come back and are used again.
  struct Block {
    std::vector<feed::SourceItem> items;
    std::size_t count = 0;
    std::int64_t bytes_read = 0;
    bool is_last = false;
    std::optional<Error> error;  // that ended the source, behind the items
  };

  void read(feed::Source& inner);
  void fill(feed::Source& inner, Block& block);

  feed::SourceInfo info_;
  BoundedQueue<Block> filled_, emptied_;
  Block current_;
  std::size_t next_ = 0;
  std::unique_ptr<feed::Source> inner_;
  std::jthread reader_;
};

}  // namespace slipstream::cli
