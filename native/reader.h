#ifndef RXNETLINK_READER_H
#define RXNETLINK_READER_H

#include <cstddef>
#include <cstdint>

#include "scratch.h"
#include "slab.h"

namespace rxnetlink {

// Reads one socket's queue, and knows where messages are missing in it.
//
// A full queue makes the kernel drop what comes, and report ENOBUFS ahead of what was queued before. The gap itself lies
// behind that: `lost` is told only once the queue was read empty, however many reads this takes.
class Reader {
 public:
  explicit Reader(size_t datagramSize) : datagramSize_(datagramSize) {}
  void SetDescriptor(int fd) { fd_ = fd; }

  // Reads what fits into one slab into the scratch, whose slots lie `stride` apart.
  ReadResult Read(Scratch& scratch, size_t stride);

  // Reads once, at most that many datagrams. An error met here is left to the next `Read`: see `lossPending`.
  ReadResult ReadOnce(Scratch& scratch, size_t stride, unsigned most);

  // Notes a loss that is to be told when the queue is empty.
  void NoteLoss() { lossPending_ = true; }
  bool lossPending() const { return lossPending_; }

  // The socket reports no overruns: the drop counter is compared instead.
  void SetCountsDrops(bool on) { countsDrops_ = on; }

  // True after a `Read` that met nothing but errors; reading again at once would only meet them again.
  bool stalled() const { return stalled_; }
  // True where the descriptor is none, or none of a socket, any more.
  bool dead() const { return dead_; }

 private:
  bool IsEmpty();
  bool MeetsOnlyErrors(int error);
  bool DropsGrown(uint32_t* dropped);
  void TellLoss(ReadResult* result);

  int fd_ = -1;
  const size_t datagramSize_;
  uint32_t dropsTold_ = 0;
  unsigned errors_ = 0;
  bool countsDrops_ = false;
  bool lossPending_ = false;
  bool stalled_ = false;
  bool dead_ = false;
};

}  // namespace rxnetlink

#endif
