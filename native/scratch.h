#pragma once

#include <linux/netlink.h>
#include <sys/socket.h>

#include <cstddef>
#include <cstdint>

namespace rxnetlink {

// Where datagrams are received before anybody knows how many and how long they are: one for each environment. What a
// read leaves here is copied out before JavaScript runs, so all sockets share it.
//
// The memory is reserved, not resident. It has two halves: reads use the first, the second is room for reads that do not
// hold up the loop.
class Scratch {
 public:
  // Most datagrams of one wake-up.
  static constexpr unsigned kSlots = 64;

  // One datagram of the last read; `length` is more than `kept` where it was cut.
  struct Received {
    const uint8_t* bytes;
    uint32_t kept, length;
    const sockaddr_nl* sender;
    msghdr* header;
  };

  Scratch() = default;
  Scratch(const Scratch&) = delete;
  ~Scratch() { Release(); }

  // Makes room for datagrams of that size; false where there is no memory.
  bool Reserve(size_t datagramSize);
  void Release();

  // Forgets what was received. From now on slots lie `stride` bytes apart.
  void Clear(size_t stride);
  // How many more datagrams of at most that size fit into the slab.
  unsigned Room(size_t datagramSize) const;
  // Receives behind what is there; `slots` must not exceed the room. Returns the number of datagrams, or -1 with errno.
  int Receive(int fd, unsigned slots, size_t datagramSize);

  unsigned count() const { return count_; }
  // Bytes that the datagrams take in a slab.
  size_t bytes() const { return bytes_; }
  Received received(unsigned index);

 private:
  uint8_t* memory_ = nullptr;
  size_t half_ = 0;
  size_t stride_ = 1;
  unsigned count_ = 0;
  size_t bytes_ = 0;
  mmsghdr headers_[kSlots];
  iovec vectors_[kSlots];
  sockaddr_nl senders_[kSlots];
  // Room for packet info and nsid.
  alignas(cmsghdr) uint8_t controls_[kSlots][CMSG_SPACE(sizeof(nl_pktinfo)) + CMSG_SPACE(sizeof(int32_t))];
};

}  // namespace rxnetlink
