#include <poll.h>

#include <cerrno>
#include <chrono>

#include "socket.h"

namespace rxnetlink {

namespace {

using Clock = std::chrono::steady_clock;

// Milliseconds until then, rounded up; 0 where it has passed.
int MillisecondsUntil(Clock::time_point end) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - Clock::now()).count();
  return left > 0 ? static_cast<int>(left) : 0;
}

}  // namespace

int Socket::Wait(int timeout, napi_value* slab) {
  if (!isOpen()) return -EBADF;
  // What the loop reads is not there for anybody else.
  if (started_) return -EBUSY;
  *slab = waiting_.Take(environment_->env());
  if (*slab != nullptr) return 1;

  const Clock::time_point end = Clock::now() + std::chrono::milliseconds(timeout);
  pollfd readable{fd(), POLLIN, 0};
  int ready;
  do {
    ready = poll(&readable, 1, timeout < 0 ? -1 : MillisecondsUntil(end));
  } while (ready < 0 && errno == EINTR);
  if (ready <= 0) return ready < 0 ? -errno : 0;

  Scratch& scratch = environment_->EmptyScratch();
  const ReadResult result = reader_.Read(scratch);
  if (reader_.stalled()) return -EIO;
  return BuildSlabs(scratch, result, slab) && *slab != nullptr ? 1 : -ENOMEM;
}

}  // namespace rxnetlink
