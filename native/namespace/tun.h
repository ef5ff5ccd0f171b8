#pragma once

#include <cstdint>

#include "../thread.h"

namespace rxnetlink {

// A tun or tap device. Netlink cannot create one.
struct Tun {
  char name[16];
  // IFF_TUN or IFF_TAP, and the other flags of TUNSETIFF.
  int flags;
  // Negative: anyone with CAP_NET_ADMIN may attach.
  int64_t owner;
  int64_t group;
};

// Creates a persistent device in a network namespace; in that of the calling thread if `netns` is negative. After a
// failure the device does not exist.
Failure CreateTun(const Tun& tun, int netns);

}  // namespace rxnetlink
