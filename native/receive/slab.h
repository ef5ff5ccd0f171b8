#pragma once

#include <node_api.h>

#include <cstddef>
#include <cstdint>

namespace rxnetlink {

class Scratch;

// The datagrams of one wake-up in one buffer: datagrams on 4-byte boundaries, one entry for each, then the trailer.
// lib/socket/transport/slab.ts defines the same layout.
struct SlabEntry {
  uint32_t start, kept, length, portId, groups, group, nsid, flags;
};
struct SlabTrailer {
  uint32_t count, flags, dropped, unused;
};

constexpr uint32_t kEntryUnsure = 1, kEntryHasNsid = 2;
constexpr uint32_t kTrailerDrained = 1, kTrailerLost = 2, kTrailerAfterLoss = 4;

// The largest number of datagram bytes in one slab; a larger datagram has a slab of its own.
constexpr size_t kSlabBytes = size_t{4} << 20;

constexpr size_t AlignLength(size_t length) { return (length + 3) & ~size_t{3}; }

// The state of the receive queue after the datagrams of a read.
struct ReadResult {
  bool drained = false;
  bool lost = false;
  // Some of the datagrams may follow a loss that this read or a later one reports.
  bool afterLoss = false;
  uint32_t dropped = 0;
};

// Memory of JavaScript for a slab; `used` is the size of the one that was built in it, 0 if none was.
struct SlabRoom {
  uint8_t* data = nullptr;
  size_t size = 0;
  size_t used = 0;
};

// Copies datagrams from the scratch into the room if they fit, else into an ArrayBuffer of exactly their size: from
// `*next` on, as many as one slab holds. Advances `*next`. The slab with the last datagram holds the state of the queue.
napi_status BuildSlab(napi_env env, Scratch& scratch, const ReadResult& result, bool expectsPacketInfo, unsigned* next,
                      SlabRoom* room, napi_value* slab);

}  // namespace rxnetlink
