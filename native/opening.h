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

// Where to open a socket: a path, a descriptor, or neither for the namespace of the calling thread.
struct NetworkNamespace {
  const char* path = nullptr;
  int fd = -1;
};

// Opens and binds a netlink socket. In another namespace this happens on a thread of its own, which is joined; the
// calling thread never moves.
Opened OpenNetlink(int protocol, uint32_t portId, const NetworkNamespace& where);

}  // namespace rxnetlink
