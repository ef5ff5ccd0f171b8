#pragma once

#include <node_api.h>

#include <cstddef>
#include <cstdint>

namespace rxnetlink {

class Scratch;

// What one wake-up has received, in one piece of memory: datagrams on 4-byte boundaries, one entry of words for each,
// then the trailer. lib/socket/transport/slab.ts has the same numbers.
struct SlabEntry {
  uint32_t start, kept, length, portId, groups, group, nsid, flags;
};
struct SlabTrailer {
  uint32_t count, flags, dropped, unused;
};

constexpr uint32_t kEntryUnsure = 1, kEntryHasNsid = 2;
constexpr uint32_t kTrailerDrained = 1, kTrailerLost = 2;

// Most bytes of datagrams in one slab; a larger datagram has a slab of its own.
constexpr size_t kSlabBytes = size_t{4} << 20;

constexpr size_t AlignLength(size_t length) { return (length + 3) & ~size_t{3}; }

// What is known of the queue behind the datagrams that a read has left in the scratch.
struct ReadResult {
  bool drained = false;
  bool lost = false;
  uint32_t dropped = 0;
};

// Copies datagrams of a read out of the scratch, from `*next` on as many as one slab takes, into an ArrayBuffer of
// exactly their size, and moves `*next` behind them. What is known of the queue stands in the slab of the last.
napi_status BuildSlab(napi_env env, Scratch& scratch, const ReadResult& result, bool expectsPacketInfo, unsigned* next,
                      napi_value* slab);

}  // namespace rxnetlink
