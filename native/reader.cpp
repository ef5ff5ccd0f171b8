#include "reader.h"

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>

#include "socket-options.h"

namespace rxnetlink {

namespace {

// An error is taken off the socket when it is reported. So many in a row come from something else.
constexpr unsigned kMostErrors = 16;

}  // namespace

ReadResult Reader::Read(Scratch& scratch, size_t stride) {
  ReadResult result;
  scratch.Clear();
  errors_ = 0;
  stalled_ = false;
  while (!result.drained && !stalled_) {
    const unsigned room = scratch.Room(datagramSize_, stride);
    if (room == 0) {
      result.drained = IsEmpty();
      break;
    }
    const int received = scratch.Receive(fd_, room, datagramSize_, stride);
    if (received < 0) {
      if (errno == EAGAIN) result.drained = true;
      else stalled_ = MeetsOnlyErrors(errno);
      continue;
    }
    errors_ = 0;
    // Fewer than there was room for: the queue is empty, or an error stands there, of which the next read will hear.
    // Asking again would cost a call at every wake-up, and matters only where a loss is to be told.
    if (static_cast<unsigned>(received) < room && !lossPending_) result.drained = true;
  }
  // Behind nothing but errors there is nothing to wait for.
  if (stalled_) result.drained = true;
  if (result.drained) TellLoss(&result);
  return result;
}

ReadResult Reader::ReadOnce(Scratch& scratch, size_t stride, unsigned most) {
  ReadResult result;
  scratch.Clear();
  const unsigned slots = std::min(most, scratch.Room(datagramSize_, stride));
  const int received = scratch.Receive(fd_, slots, datagramSize_, stride);
  if (received < 0) {
    if (errno != EAGAIN) lossPending_ = true;
    else result.drained = true;
  } else {
    result.drained = static_cast<unsigned>(received) < slots;
  }
  if (result.drained && countsDrops_ && DropsGrown(nullptr)) lossPending_ = true;
  return result;
}

// Tells whether nothing is left, without taking anything.
bool Reader::IsEmpty() {
  for (;;) {
    if (recv(fd_, nullptr, 0, MSG_PEEK | MSG_DONTWAIT) >= 0) return false;
    if (errno == EAGAIN) return true;
    if (errno == EINTR) continue;
    stalled_ = MeetsOnlyErrors(errno);
    if (stalled_) return false;
  }
}

bool Reader::MeetsOnlyErrors(int error) {
  lossPending_ = true;
  dead_ = error == EBADF || error == ENOTSOCK;
  return dead_ || ++errors_ == kMostErrors;
}

// Compares the drop counter with what was told of it.
bool Reader::DropsGrown(uint32_t* dropped) {
  uint32_t drops = dropsTold_;
  if (ReadDrops(fd_, &drops) != 0 || drops == dropsTold_) return false;
  if (dropped == nullptr) return true;
  *dropped = drops - dropsTold_;
  dropsTold_ = drops;
  return true;
}

void Reader::TellLoss(ReadResult* result) {
  if (!lossPending_ && !countsDrops_) return;
  result->lost = DropsGrown(&result->dropped) || lossPending_;
  lossPending_ = false;
}

}  // namespace rxnetlink
