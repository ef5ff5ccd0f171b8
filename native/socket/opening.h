#pragma once

#include <cstdint>

namespace rxnetlink {

// A new descriptor, or the step that failed.
struct Opened {
  int fd = -1;
  uint32_t portId = 0;
  const char* step = nullptr;
  int error = 0;
};

// Opens and binds a netlink socket, in the namespace of a descriptor or, where that is negative, of the calling thread.
// Another namespace is entered by a thread of its own, which is joined; the calling thread never moves.
Opened OpenNetlink(int protocol, uint32_t portId, int netns);

}  // namespace rxnetlink
