#include "net/server_core.h"

namespace slipstream::net {

ServerCore::Ticket ServerCore::enter() {
  const std::scoped_lock lock(mutex_);
  connections_.try_emplace(++last_id_);
  return {*this, last_id_};
}

void ServerCore::leave(std::uint64_t id) {
  const std::scoped_lock lock(mutex_);
  connections_.erase(id);
  if (connections_.empty()) changed_.notify_all();
}

void ServerCore::assign(std::uint64_t id, std::weak_ptr<Connection> connection) {
  const std::scoped_lock lock(mutex_);
  connections_[id] = std::move(connection);
}

std::size_t ServerCore::open_count() const {
  const std::scoped_lock lock(mutex_);
  return connections_.size();
}

std::vector<std::shared_ptr<Connection>> ServerCore::connections() const {
  const std::scoped_lock lock(mutex_);
  std::vector<std::shared_ptr<Connection>> open;
  for (const auto& [id, weak] : connections_) {
    if (auto connection = weak.lock()) open.push_back(std::move(connection));
  }
  return open;
}

bool ServerCore::wait_until_empty(std::chrono::milliseconds limit) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, limit, [this] { return connections_.empty(); });
}

}  // namespace slipstream::net
