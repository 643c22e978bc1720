// Compression of WebSocket messages (RFC 7692) without context takeover: every message stands alone.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "core/result.h"

namespace slipstream::net {

// Errors: malformed (not deflate, or cut), unsupported (more than `bytes_max` when inflated).
// Thread rule: any thread.
Result<std::string> inflate_message(std::string_view payload, std::size_t bytes_max);

// Deflates each shared frame once, however many peers it goes to: remembers the last frames by their
// identity. Thread rule: any thread may call any function.
class FrameDeflater {
 public:
  FrameDeflater();
  ~FrameDeflater();
  FrameDeflater(const FrameDeflater&) = delete;
  FrameDeflater& operator=(const FrameDeflater&) = delete;

  // The payload to send with the compression bit set; null if the frame is better sent as it is.
  std::shared_ptr<const std::string> deflate(const std::shared_ptr<const std::string>& frame);

 private:
  struct Entry {
    std::weak_ptr<const std::string> frame;  // keeps the identity from being used again
    const std::string* address = nullptr;
    std::shared_ptr<const std::string> payload;
  };
  struct Stream;

  std::shared_ptr<const std::string> compress(const std::string& frame);

  std::mutex mutex_;
  std::unique_ptr<Stream> stream_;
  // Frames of viewers with a cursor of their own come between two sends of the frame that all others share.
  std::array<Entry, 64> entries_;
  std::size_t next_ = 0;
};

}  // namespace slipstream::net
