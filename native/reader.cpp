#include "reader.h"

#include <linux/sock_diag.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>

namespace rxnetlink {

// An error is taken off the socket when it is reported. So many in a row come from something else.
constexpr unsigned kMostErrors = 16;

ReadResult Reader::Read(Scratch& scratch) {
  ReadResult result;
  errors_ = 0;
  stalled_ = false;
  while (!result.drained && !stalled_) {
    const unsigned room = scratch.Room(datagramSize_);
    if (room == 0) {
      result.drained = IsEmpty();
      break;
    }
    const int received = scratch.Receive(fd_, room, datagramSize_);
    // Fewer than there was room for says nothing: an error may stand behind them, ahead of more. Only EAGAIN does.
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

ReadResult Reader::ReadOnce(Scratch& scratch, unsigned most) {
  ReadResult result;
  const unsigned slots = std::min(most, scratch.Room(datagramSize_));
  const int received = scratch.Receive(fd_, slots, datagramSize_);
  if (received < 0 && errno != EAGAIN)
    lossPending_ = true;
  else
    result.drained = received < 0;
  if (result.drained && countsDrops_ && CountDrops() > 0) lossPending_ = true;
  return result;
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
