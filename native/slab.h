#ifndef RXNETLINK_SLAB_H
#define RXNETLINK_SLAB_H

#include <node_api.h>

#include <cstddef>
#include <cstdint>

namespace rxnetlink {

class Scratch;

// What one wake-up has received, in one piece of memory: datagrams on 4-byte boundaries, then one entry of 32-bit words
// for each, then the trailer. lib/socket/slab.ts has the same numbers.
struct SlabEntry {
  uint32_t start;
  uint32_t kept;
  uint32_t length;
  uint32_t portId;
  uint32_t groups;
  uint32_t group;
  uint32_t nsid;
  uint32_t flags;
};

struct SlabTrailer {
  uint32_t count;
  uint32_t flags;
  uint32_t dropped;
  uint32_t unused;
};

static_assert(sizeof(SlabEntry) == 8 * sizeof(uint32_t) && sizeof(SlabTrailer) == 4 * sizeof(uint32_t),
              "entries and trailer are words without padding");

constexpr uint32_t kEntryUnsure = 1;
constexpr uint32_t kEntryHasNsid = 2;

constexpr uint32_t kTrailerDrained = 1;
constexpr uint32_t kTrailerLost = 2;

// Most bytes of datagrams in one slab; a larger datagram has a slab of its own.
constexpr size_t kSlabBytes = size_t{4} << 20;

constexpr size_t AlignLength(size_t length) { return (length + 3) & ~size_t{3}; }

// What is known about the queue behind the datagrams that a read has left in the scratch.
struct ReadResult {
  bool drained = false;
  bool lost = false;
  uint32_t dropped = 0;
};

// Copies the datagrams of the last read out of the scratch, into an ArrayBuffer of exactly their size.
// `expectsPacketInfo`: a datagram without it is unsure.
napi_status BuildSlab(napi_env env, const Scratch& scratch, const ReadResult& result, bool expectsPacketInfo, napi_value* slab);

}  // namespace rxnetlink

#endif
