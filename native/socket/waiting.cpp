#include <poll.h>

#include <cerrno>
#include <cstdint>

#include "socket.h"

namespace rxnetlink {

namespace {

constexpr uint64_t kNanosecondsPerMillisecond = 1000000;

// Returns the milliseconds from now until `end` of `uv_hrtime`, rounded up; 0 when `end` has passed.
int MillisecondsUntil(uint64_t end) {
  const uint64_t now = uv_hrtime();
  if (now >= end) return 0;
  return static_cast<int>((end - now + kNanosecondsPerMillisecond - 1) / kNanosecondsPerMillisecond);
}

}  // namespace

int Socket::Wait(int timeout, napi_value* slab) {
  if (!isOpen()) return -EBADF;
  // After `Start` only the event loop reads.
  if (started_) return -EBUSY;
  *slab = waiting_.Take(environment_->env());
  if (*slab != nullptr) return 1;

  const uint64_t end = timeout < 0 ? 0 : uv_hrtime() + static_cast<uint64_t>(timeout) * kNanosecondsPerMillisecond;
  for (;;) {
    // The kernel answers most requests inside of `sendto`: a read comes before the first poll.
    Scratch& scratch = environment_->EmptyScratch();
    const ReadResult result = reader_.Read(scratch);
    if (reader_.stalled()) return -EIO;
    if (!Collect(scratch, result, slab)) return -ENOMEM;
    if (*slab != nullptr) {
      // The event loop waits in any case: the next read may be larger.
      reader_.NoteDuration(0);
      return 1;
    }

    pollfd readable{fd(), POLLIN, 0};
    int ready;
    do {
      ready = poll(&readable, 1, timeout < 0 ? -1 : MillisecondsUntil(end));
    } while (ready < 0 && errno == EINTR);
    if (ready <= 0) return ready < 0 ? -errno : 0;
  }
}

}  // namespace rxnetlink
