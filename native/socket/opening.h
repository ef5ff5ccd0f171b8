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

// Opens and binds a netlink socket in the network namespace of a descriptor, or of the calling thread if it is
// negative. A short-lived thread enters another namespace and is joined; the calling thread stays in its namespace.
Opened OpenNetlink(int protocol, uint32_t portId, int netns);

}  // namespace rxnetlink
