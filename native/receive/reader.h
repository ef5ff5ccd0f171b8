#pragma once

#include "scratch.h"
#include "slab.h"

namespace rxnetlink {

// Reads the receive queue of one socket, and finds the gaps where messages were lost.
//
// When the queue is full, the kernel drops new messages and reports ENOBUFS before the queued ones. The gap is after
// the queued messages, so it is reported when the queue is empty, even if this takes several reads.
class Reader {
 public:
  explicit Reader(size_t datagramSize) : datagramSize_(datagramSize) {}
  void SetDescriptor(int fd) { fd_ = fd; }

  // Appends datagrams to the scratch until the queue is empty or one wake-up has read enough.
  ReadResult Read(Scratch& scratch);
  // Accounts for a read ahead: its datagrams in the scratch, and its errno.
  void TakeOver(const Scratch& scratch, int error);
  // Reads once, at most that many datagrams. The next `Read` reports a loss that it finds: see `overrunPending`.
  ReadResult ReadOnce(Scratch& scratch, unsigned most);

  // Expects large datagrams until the queue is empty.
  void ExpectDump();
  // Adapts the size of wake-ups to the time that JavaScript has needed for the last one.
  void NoteDuration(uint64_t nanoseconds);

  // Returns the number of datagrams to ask for next.
  unsigned Wanted(const Scratch& scratch) const;

  // Notes a loss; it is reported when the queue is empty.
  void NoteLoss() { overrunPending_ = true; }
  bool overrunPending() const { return overrunPending_; }
  // Compares the drop counter, because the socket reports no overruns (NETLINK_NO_ENOBUFS).
  void SetCountsDrops(bool on) { countsDrops_ = on; }

  // True after a `Read` that found only errors; another read at once would find them again.
  bool stalled() const { return stalled_; }
  // True if the descriptor is closed, or is no longer one of a socket.
  bool dead() const { return dead_; }

 private:
  // The size of the datagrams of a dump, except the first.
  static constexpr size_t kUsualDatagram = 32 << 10;
  // The number of bytes that the first wake-up after an empty queue reads.
  static constexpr size_t kFirst = 64 << 10;

  void UpdateExpected(const Scratch& scratch);
  bool IsEmpty();
  void NoteError(int error);
  uint32_t CountDrops();

  const size_t datagramSize_;
  // The expected size of the largest datagram, derived from the latest ones.
  size_t expected_ = kUsualDatagram;
  // The number of bytes that a wake-up reads.
  size_t enough_ = kFirst;
  int fd_ = -1;
  unsigned errors_ = 0;
  uint32_t dropsReported_ = 0;
  bool countsDrops_ = false;
  bool expectsDump_ = false;
  bool overrunPending_ = false;
  bool stalled_ = false;
  bool dead_ = false;
};

}  // namespace rxnetlink
