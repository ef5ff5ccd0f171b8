#ifndef RXNETLINK_SCRATCH_H
#define RXNETLINK_SCRATCH_H

#include <linux/netlink.h>
#include <sys/socket.h>

#include <cstddef>
#include <cstdint>

namespace rxnetlink {

// Where datagrams are received before anybody knows how many and how long they are. One for each environment: what a read
// leaves here is copied out before JavaScript runs, so all sockets share it.
//
// The memory is reserved, not resident: a slot takes as many pages as its datagrams were long. It has two halves; the
// second is for reads that run beside the loop.
class Scratch {
 public:
  static constexpr unsigned kSlots = 64;

  // One datagram of the last read.
  struct Received {
    const uint8_t* bytes;
    size_t kept;
    uint32_t length;
    const sockaddr_nl* sender;
    msghdr* header;
  };

  Scratch() = default;
  ~Scratch() { Release(); }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  // Makes room for datagrams of that size; false where there is no memory.
  bool Reserve(size_t datagramSize);
  void Release();

  // Forgets what was received.
  void Clear();

  // How many more datagrams of at most that size one slab may take, in slots of `stride` bytes.
  unsigned Room(size_t datagramSize, size_t stride) const;

  // Receives behind what is there already; `slots` must not exceed the room.
  // Returns the number of datagrams, or -1 with errno.
  int Receive(int fd, unsigned slots, size_t datagramSize, size_t stride);

  unsigned count() const { return count_; }
  // Bytes that the datagrams take in a slab.
  size_t bytes() const { return bytes_; }
  Received received(unsigned index) const;

 private:
  // Room for packet info and nsid, and something to spare.
  static constexpr size_t kControlBytes = 128;

  uint8_t* memory_ = nullptr;
  size_t half_ = 0;
  unsigned count_ = 0;
  size_t bytes_ = 0;
  // The kernel fills them in through pointers; `received` hands them on.
  mutable mmsghdr headers_[kSlots];
  iovec vectors_[kSlots];
  sockaddr_nl senders_[kSlots];
  alignas(cmsghdr) uint8_t controls_[kSlots][kControlBytes];
};

}  // namespace rxnetlink

#endif
