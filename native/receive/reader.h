#pragma once

#include "scratch.h"
#include "slab.h"

namespace rxnetlink {

// Reads one socket's queue, and knows where messages are missing in it.
//
// A full queue makes the kernel drop what comes, and report ENOBUFS ahead of what was queued before. The gap lies
// behind that: it is told once the queue was read empty, however many reads this takes.
class Reader {
 public:
  explicit Reader(size_t datagramSize) : datagramSize_(datagramSize) {}
  void SetDescriptor(int fd) { fd_ = fd; }

  // Reads into the scratch, behind what is there, until the queue is empty or that is enough for one wake-up.
  ReadResult Read(Scratch& scratch);
  // Takes over what has been read into a scratch elsewhere, and what it met.
  void TakeOver(const Scratch& scratch, int error);
  // Reads once, at most that many datagrams. A loss that it meets is left to the next `Read`: see `lossPending`.
  ReadResult ReadOnce(Scratch& scratch, unsigned most);

  // How many more datagrams to ask for.
  unsigned Wanted(const Scratch& scratch) const;

  // Notes a loss, to be told when the queue is empty.
  void NoteLoss() { lossPending_ = true; }
  bool lossPending() const { return lossPending_; }
  // The socket reports no overruns: the drop counter is compared instead.
  void SetCountsDrops(bool on) { countsDrops_ = on; }

  // True after a `Read` that met nothing but errors; reading again at once would only meet them again.
  bool stalled() const { return stalled_; }
  // True where the descriptor is none, or none of a socket, any more.
  bool dead() const { return dead_; }

 private:
  // A dump's datagrams, but for the first.
  static constexpr size_t kUsualDatagram = 32 << 10;

  void Learn(const Scratch& scratch);
  bool IsEmpty();
  void NoteError(int error);
  uint32_t CountDrops();

  const size_t datagramSize_;
  // No datagram is expected to be larger, going by those that came last.
  size_t expected_ = kUsualDatagram;
  int fd_ = -1;
  unsigned errors_ = 0;
  uint32_t dropsTold_ = 0;
  bool countsDrops_ = false;
  bool lossPending_ = false;
  bool stalled_ = false;
  bool dead_ = false;
};

}  // namespace rxnetlink
