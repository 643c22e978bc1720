#include "cli/stop_signal.h"

#include <pthread.h>
#include <unistd.h>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <ctime>

namespace slipstream::cli {
namespace {

sigset_t end_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  return signals;
}

constexpr int exit_by_second_signal = 130;

}  // namespace

StopSignal::StopSignal() {
  std::signal(SIGPIPE, SIG_IGN);  // a closed reader is an error of write(), not the end of the program
  const sigset_t signals = end_signals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  watcher_ = std::jthread([this, signals](const std::stop_token& ended) {
    const timespec step{0, 100'000'000};
    while (!ended.stop_requested()) {
      if (sigtimedwait(&signals, nullptr, &step) < 0) continue;
      if (source_.stop_requested()) ::_exit(exit_by_second_signal);
      source_.request_stop();
    }
  });
}

StopSignal::~StopSignal() {
  watcher_.request_stop();
  watcher_.join();
}

void StopSignal::wait() const {
  while (!source_.stop_requested()) std::this_thread::sleep_for(std::chrono::milliseconds(50));
}

}  // namespace slipstream::cli
