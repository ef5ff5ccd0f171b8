#include "slab.h"

#include <linux/netlink.h>
#include <sys/socket.h>

#include <cstring>

#include "scratch.h"

namespace rxnetlink {

namespace {

// Control data has no alignment, so it is copied.
template <typename T>
bool ReadControl(const cmsghdr* control, int type, T* value) {
  if (control->cmsg_level != SOL_NETLINK || control->cmsg_type != type) return false;
  if (control->cmsg_len < CMSG_LEN(sizeof(T))) return false;
  memcpy(value, CMSG_DATA(control), sizeof(T));
  return true;
}

// Fills in the group that a datagram was sent to. If it is unsure, the datagram is never used as a reply.
void ReadControls(msghdr* header, bool expectsPacketInfo, SlabEntry* entry) {
  bool unsure = expectsPacketInfo;
  for (cmsghdr* control = CMSG_FIRSTHDR(header); control != nullptr; control = CMSG_NXTHDR(header, control)) {
    nl_pktinfo info;
    if (ReadControl(control, NETLINK_PKTINFO, &info)) {
      unsure = false;
      entry->group = info.group;
    } else if (ReadControl(control, NETLINK_LISTEN_ALL_NSID, &entry->nsid)) {
      entry->flags |= kEntryHasNsid;
    }
  }
  if (unsure || (header->msg_flags & MSG_CTRUNC) != 0) entry->flags |= kEntryUnsure;
}

// Returns the end of the slab that begins with a datagram, and the number of its datagram bytes.
unsigned FindEnd(Scratch& scratch, unsigned first, size_t* bytes) {
  if (first == 0 && scratch.bytes() <= kSlabBytes) return *bytes = scratch.bytes(), scratch.count();
  unsigned end = first;
  for (*bytes = 0; end < scratch.count(); end++) {
    const size_t length = AlignLength(scratch.received(end).kept);
    if (end > first && *bytes + length > kSlabBytes) break;
    *bytes += length;
  }
  return end;
}

}  // namespace

napi_status BuildSlab(napi_env env, Scratch& scratch, const ReadResult& result, bool expectsPacketInfo, unsigned* next,
                      SlabRoom* room, napi_value* slab) {
  const unsigned first = *next;
  size_t table = 0;
  const unsigned end = FindEnd(scratch, first, &table);
  const unsigned count = end - first;
  const size_t size = table + count * sizeof(SlabEntry) + sizeof(SlabTrailer);
  uint8_t* base = nullptr;
  if (room != nullptr && size <= room->size) {
    base = room->data;
    room->used = size;
  } else {
    void* data = nullptr;
    const napi_status status = napi_create_arraybuffer(env, size, &data, slab);
    if (status != napi_ok) return status;
    base = static_cast<uint8_t*>(data);
  }
  auto* entries = reinterpret_cast<SlabEntry*>(base + table);
  uint32_t start = 0;
  for (unsigned index = first; index < end; index++) {
    const Scratch::Received received = scratch.received(index);
    memcpy(base + start, received.bytes, received.kept);
    const sockaddr_nl& sender = *received.sender;
    SlabEntry* entry = &entries[index - first];
    *entry = {start, received.kept, received.length, sender.nl_pid, sender.nl_groups, 0, 0, 0};
    ReadControls(received.header, expectsPacketInfo, entry);
    start += static_cast<uint32_t>(AlignLength(received.kept));
  }
  auto* trailer = reinterpret_cast<SlabTrailer*>(entries + count);
  *trailer = {count, result.afterLoss ? kTrailerAfterLoss : 0, 0, 0};
  if (end == scratch.count()) {
    trailer->flags |= (result.drained ? kTrailerDrained : 0) | (result.lost ? kTrailerLost : 0);
    trailer->dropped = result.dropped;
  }
  *next = end;
  return napi_ok;
}

}  // namespace rxnetlink
