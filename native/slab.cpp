#include "slab.h"

#include <linux/netlink.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>

#include "scratch.h"

namespace rxnetlink {

namespace {

// Control data comes as bytes at no particular boundary.
template <typename T>
bool ReadControl(const cmsghdr* control, T* value) {
  if (control->cmsg_len < CMSG_LEN(sizeof(T))) return false;
  memcpy(value, CMSG_DATA(control), sizeof(T));
  return true;
}

// Fills in who sent a datagram, and to whom.
void ReadOrigin(msghdr* header, bool expectsPacketInfo, SlabEntry* entry) {
  bool hasPacketInfo = false;
  for (cmsghdr* control = CMSG_FIRSTHDR(header); control != nullptr; control = CMSG_NXTHDR(header, control)) {
    if (control->cmsg_level != SOL_NETLINK) continue;
    if (control->cmsg_type == NETLINK_PKTINFO) {
      nl_pktinfo info;
      if (!ReadControl(control, &info)) continue;
      hasPacketInfo = true;
      entry->group = info.group;
    } else if (control->cmsg_type == NETLINK_LISTEN_ALL_NSID) {
      int32_t nsid;
      if (!ReadControl(control, &nsid)) continue;
      entry->nsid = static_cast<uint32_t>(nsid);
      entry->flags |= kEntryHasNsid;
    }
  }
  const bool cut = (header->msg_flags & MSG_CTRUNC) != 0;
  if (cut || (expectsPacketInfo && !hasPacketInfo)) entry->flags |= kEntryUnsure;
}

}  // namespace

napi_status BuildSlab(napi_env env, const Scratch& scratch, const ReadResult& result, bool expectsPacketInfo, napi_value* slab) {
  const unsigned count = scratch.count();
  const size_t table = scratch.bytes();
  void* data = nullptr;
  const size_t size = table + count * sizeof(SlabEntry) + sizeof(SlabTrailer);
  const napi_status status = napi_create_arraybuffer(env, size, &data, slab);
  if (status != napi_ok) return status;

  auto* base = static_cast<uint8_t*>(data);
  auto* entries = reinterpret_cast<SlabEntry*>(base + table);
  size_t start = 0;
  for (unsigned index = 0; index < count; index++) {
    const Scratch::Received received = scratch.received(index);
    memcpy(base + start, received.bytes, received.kept);
    SlabEntry entry{};
    entry.start = static_cast<uint32_t>(start);
    entry.kept = static_cast<uint32_t>(received.kept);
    entry.length = received.length;
    entry.portId = received.sender->nl_pid;
    entry.groups = received.sender->nl_groups;
    ReadOrigin(received.header, expectsPacketInfo, &entry);
    entries[index] = entry;
    start += AlignLength(received.kept);
  }
  const uint32_t flags = (result.drained ? kTrailerDrained : 0) | (result.lost ? kTrailerLost : 0);
  *reinterpret_cast<SlabTrailer*>(entries + count) = SlabTrailer{count, flags, result.dropped, 0};
  return napi_ok;
}

}  // namespace rxnetlink
