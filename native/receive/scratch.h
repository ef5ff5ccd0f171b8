#pragma once

#include <linux/netlink.h>
#include <sys/socket.h>

#include <cstddef>
#include <cstdint>

namespace rxnetlink {

// Where datagrams are received before anybody knows how many and how long they are. Its memory is reserved, not
// resident.
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

  // Makes room for datagrams of that size; false where there is no memory. Forgets what was received.
  bool Reserve(size_t datagramSize);
  void Release();

  // Forgets what was received. From now on slots lie `stride` bytes apart.
  void Clear(size_t stride);
  // How many more datagrams can be received.
  unsigned room() const;
  // Receives behind what is there; `slots` must not exceed the room. Returns the number of datagrams, or -1 with errno.
  int Receive(int fd, unsigned slots, size_t datagramSize);

  unsigned count() const { return count_; }
  // Bytes that the datagrams take in slabs.
  size_t bytes() const { return bytes_; }
  // Bytes that the largest takes of those that came with the last call of `Receive`.
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
  // Room for packet info and nsid.
  alignas(cmsghdr) uint8_t controls_[kSlots][CMSG_SPACE(sizeof(nl_pktinfo)) + CMSG_SPACE(sizeof(int32_t))];
};

}  // namespace rxnetlink
