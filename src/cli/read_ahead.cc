#include "cli/read_ahead.h"

#include <utility>

namespace slipstream::cli {
namespace {

// Enough that the two threads seldom wait for each other; with telemetry inside some 5 MB.
constexpr std::size_t block_items = 128;
constexpr std::size_t block_count = 4;

}  // namespace

ReadAhead::ReadAhead(std::unique_ptr<feed::Source> inner)
    : info_(inner->info()), filled_(block_count), emptied_(block_count), inner_(std::move(inner)) {
  for (std::size_t i = 0; i < block_count; ++i) {
    Block block;
    block.items.resize(block_items);
    emptied_.push(std::move(block));
  }
  reader_ = std::jthread([this] { read(*inner_); });
}

ReadAhead::~ReadAhead() {
  filled_.close();
  emptied_.close();
}

void ReadAhead::read(feed::Source& inner) {
  while (auto block = emptied_.pop()) {
    fill(inner, *block);
    const bool is_last = block->is_last;
    if (!filled_.push(std::move(*block)) || is_last) break;
  }
  filled_.close();
}

void ReadAhead::fill(feed::Source& inner, Block& block) {
  for (block.count = 0; block.count < block_items; ++block.count) {
    const auto has_item = inner.next(block.items[block.count]);
    if (has_item && *has_item) continue;
    block.is_last = true;
    if (!has_item) block.error = has_item.error();
    break;
  }
  block.bytes_read = inner.bytes_read();
}

Result<bool> ReadAhead::next(feed::SourceItem& item) {
  while (next_ == current_.count) {
    if (current_.is_last) {
      if (current_.error) return tl::make_unexpected(*current_.error);
      return false;
    }
    if (!current_.items.empty()) emptied_.push(std::move(current_));
    auto block = filled_.pop();
    SLIP_CHECK(block);  // the reader ends the line with a last block
    current_ = std::move(*block);
    next_ = 0;
  }
  std::swap(item, current_.items[next_++]);
  return true;
}

}  // namespace slipstream::cli
