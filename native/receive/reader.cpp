#include "reader.h"

#include <linux/sock_diag.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>

namespace rxnetlink {

// An error is taken off the socket when it is reported. So many in a row come from something else.
constexpr unsigned kMostErrors = 16;

// What a wake-up reads, if datagrams are as large as expected. More would leave the processor's caches, and the loop
// waiting.
constexpr size_t kEnough = size_t{1} << 20;

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
    Learn(scratch);
    // Fewer than were asked for says nothing: an error may stand behind them, ahead of more. Only EAGAIN does.
    if (received < 0 && errno == EAGAIN)
      result.drained = true;
    else if (received < 0)
      NoteError(errno);
  }
  // Behind nothing but errors there is nothing to wait for.
  if (stalled_) result.drained = true;
  if (result.drained && (lossPending_ || countsDrops_)) {
    result.dropped = CountDrops();
    result.lost = lossPending_ || result.dropped > 0;
    dropsTold_ += result.dropped;
    lossPending_ = false;
  }
  return result;
}

// That the queue was empty then, EAGAIN, says nothing of now.
void Reader::TakeOver(const Scratch& scratch, int error) {
  Learn(scratch);
  if (error != 0 && error != EAGAIN) lossPending_ = true;
}

ReadResult Reader::ReadOnce(Scratch& scratch, unsigned most) {
  ReadResult result;
  const int received = scratch.Receive(fd_, std::min(most, scratch.room()), datagramSize_);
  if (received < 0 && errno != EAGAIN)
    lossPending_ = true;
  else
    result.drained = received < 0;
  if (result.drained && countsDrops_ && CountDrops() > 0) lossPending_ = true;
  return result;
}

unsigned Reader::Wanted(const Scratch& scratch) const {
  const size_t fit = scratch.bytes() >= kEnough ? 0 : (kEnough - scratch.bytes()) / expected_;
  return static_cast<unsigned>(std::min<size_t>(std::max<size_t>(fit, scratch.count() == 0 ? 1 : 0), scratch.room()));
}

// A larger one may come any time; that they have become small is believed by and by.
void Reader::Learn(const Scratch& scratch) {
  if (scratch.largest() > 0) expected_ = std::max(scratch.largest(), expected_ / 2);
}

// Tells whether nothing is left, without taking anything.
bool Reader::IsEmpty() {
  while (!stalled_) {
    if (recv(fd_, nullptr, 0, MSG_PEEK | MSG_DONTWAIT) >= 0) return false;
    if (errno == EAGAIN) return true;
    if (errno != EINTR) NoteError(errno);
  }
  return false;
}

void Reader::NoteError(int error) {
  lossPending_ = true;
  dead_ = error == EBADF || error == ENOTSOCK;
  stalled_ = dead_ || ++errors_ == kMostErrors;
}

// How many were dropped of which nobody was told.
uint32_t Reader::CountDrops() {
  uint32_t memory[SK_MEMINFO_VARS] = {};
  socklen_t length = sizeof(memory);
  if (getsockopt(fd_, SOL_SOCKET, SO_MEMINFO, memory, &length) != 0) return 0;
  return memory[SK_MEMINFO_DROPS] - dropsTold_;
}

}  // namespace rxnetlink
