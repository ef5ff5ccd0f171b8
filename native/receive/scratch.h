#pragma once

#include <linux/netlink.h>
#include <sys/socket.h>

#include <cstddef>
#include <cstdint>

namespace rxnetlink {

// A buffer that datagrams are received into while their number and length are unknown. Its address space is reserved;
// only the pages that a read touches become resident.
class Scratch {
 public:
  // The largest number of datagrams of one wake-up.
  static constexpr unsigned kSlots = 64;

  // A datagram of the last read; `length` is greater than `kept` if it was truncated.
  struct Received {
    const uint8_t* bytes;
    uint32_t kept, length;
    const sockaddr_nl* sender;
    msghdr* header;
  };

  Scratch() = default;
  Scratch(const Scratch&) = delete;
  ~Scratch() { Release(); }

  // Reserves space for datagrams of that size and drops the received ones; returns false if there is no memory.
  bool Reserve(size_t datagramSize);
  void Release();

  // Drops the received datagrams, and sets the distance between slots.
  void Clear(size_t stride);
  // Returns the number of free slots.
  unsigned room() const;
  // Appends datagrams; `slots` must not exceed the room. Returns the number of datagrams, or -1 with errno.
  int Receive(int fd, unsigned slots, size_t datagramSize);

  unsigned count() const { return count_; }
  // The number of bytes that the datagrams need in slabs.
  size_t bytes() const { return bytes_; }
  // The number of bytes that the largest datagram of the last `Receive` needs in a slab.
  size_t largest() const { return largest_; }
  Received received(unsigned index);

 private:
  uint8_t* memory_ = nullptr;
  size_t size_ = 0;
  size_t stride_ = 1;
  unsigned count_ = 0;
  size_t bytes_ = 0;
  size_t largest_ = 0;
  mmsghdr headers_[kSlots];
  iovec vectors_[kSlots];
  sockaddr_nl senders_[kSlots];
  // Space for the packet info and the nsid.
  alignas(cmsghdr) uint8_t controls_[kSlots][CMSG_SPACE(sizeof(nl_pktinfo)) + CMSG_SPACE(sizeof(int32_t))];
};

}  // namespace rxnetlink
