#include "reader.h"

#include <linux/sock_diag.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>

namespace rxnetlink {

// The kernel clears an error when it reports it. So many errors in a row have another cause, e.g. a closed descriptor.
constexpr unsigned kMostErrors = 16;

// The least and the most bytes that a wake-up reads, if datagrams are as large as expected: one datagram of a dump, and
// as many as fit into the caches of the processor, some 4,000 routes. JavaScript needs 30 ms for these before V8 has
// compiled its functions.
constexpr size_t kLeast = size_t{32} << 10;
constexpr size_t kMost = size_t{256} << 10;

// The kernel fills the next datagram of a dump only when one is read: a wake-up that reads less delays the dump, and
// loses nothing. Smaller datagrams are events, whose queue can overflow: their number alone limits a wake-up.
constexpr size_t kLargestEvent = kMost / Scratch::kSlots;

// The next wake-up reads twice as many bytes if JavaScript has needed less than `kShort` nanoseconds, and half as many if
// it has needed more than `kLong`.
constexpr uint64_t kShort = 2'000'000;
constexpr uint64_t kLong = 6'000'000;

ReadResult Reader::Read(Scratch& scratch) {
  ReadResult result;
  errors_ = 0;
  stalled_ = false;
  while (!result.drained && !stalled_) {
    const unsigned wanted = Wanted(scratch);
    if (wanted == 0) {
      result.drained = IsEmpty();
      break;
    }
    const int received = scratch.Receive(fd_, wanted, datagramSize_);
    UpdateExpected(scratch);
    // A short read does not mean an empty queue: recvmmsg(2) stops before an error too. Only EAGAIN means an empty
    // queue.
    if (received < 0 && errno == EAGAIN)
      result.drained = true;
    else if (received < 0)
      NoteError(errno);
  }
  // After errors only, no more datagrams are expected.
  if (stalled_) result.drained = true;
  if (result.drained) {
    enough_ = kFirst;
    expectsDump_ = false;
  }
  // The kernel queues datagrams again as soon as the last one is read, and marks no gap: those that it queued before the
  // read that found EAGAIN follow the loss.
  result.afterLoss = overrunPending_;
  if (result.drained && (overrunPending_ || countsDrops_)) {
    result.dropped = CountDrops();
    result.lost = overrunPending_ || result.dropped > 0;
    result.afterLoss = result.lost;
    dropsReported_ += result.dropped;
    overrunPending_ = false;
  }
  return result;
}

// EAGAIN of the earlier read does not mean that the queue is empty now.
void Reader::TakeOver(const Scratch& scratch, int error) {
  UpdateExpected(scratch);
  if (error != 0 && error != EAGAIN) overrunPending_ = true;
}

ReadResult Reader::ReadOnce(Scratch& scratch, unsigned most) {
  ReadResult result;
  const int received = scratch.Receive(fd_, std::min(most, scratch.room()), datagramSize_);
  if (received < 0 && errno != EAGAIN)
    overrunPending_ = true;
  else
    result.drained = received < 0;
  if (result.drained && countsDrops_ && CountDrops() > 0) overrunPending_ = true;
  return result;
}

// After small replies, a read would ask for so many datagrams that it returned the whole dump.
void Reader::ExpectDump() {
  expectsDump_ = true;
  expected_ = std::max(expected_, kUsualDatagram);
}

void Reader::NoteDuration(uint64_t nanoseconds) {
  if (nanoseconds > kLong)
    enough_ = std::max(enough_ / 2, kLeast);
  else if (nanoseconds < kShort)
    enough_ = std::min(enough_ * 2, kMost);
}

unsigned Reader::Wanted(const Scratch& scratch) const {
  const size_t enough = expected_ > kLargestEvent ? enough_ : kMost;
  // Rounded, so that a small datagram does not take the place of a large one.
  const size_t fit = scratch.bytes() >= enough ? 0 : (enough - scratch.bytes() + expected_ / 2) / expected_;
  return static_cast<unsigned>(std::min<size_t>(std::max<size_t>(fit, scratch.count() == 0 ? 1 : 0), scratch.room()));
}

// Grows at once, because the next datagram may be as large; shrinks by half for each read of smaller ones.
void Reader::UpdateExpected(const Scratch& scratch) {
  if (scratch.largest() > 0) expected_ = std::max(scratch.largest(), expected_ / 2);
  if (expectsDump_) ExpectDump();
}

// Returns true if the queue is empty; it reads nothing (MSG_PEEK).
bool Reader::IsEmpty() {
  while (!stalled_) {
    if (recv(fd_, nullptr, 0, MSG_PEEK | MSG_DONTWAIT) >= 0) return false;
    if (errno == EAGAIN) return true;
    if (errno != EINTR) NoteError(errno);
  }
  return false;
}

void Reader::NoteError(int error) {
  overrunPending_ = true;
  dead_ = error == EBADF || error == ENOTSOCK;
  stalled_ = dead_ || ++errors_ == kMostErrors;
}

// Returns the number of dropped datagrams that were not reported yet.
uint32_t Reader::CountDrops() {
  uint32_t memory[SK_MEMINFO_VARS] = {};
  socklen_t length = sizeof(memory);
  if (getsockopt(fd_, SOL_SOCKET, SO_MEMINFO, memory, &length) != 0) return 0;
  return memory[SK_MEMINFO_DROPS] - dropsReported_;
}

}  // namespace rxnetlink
