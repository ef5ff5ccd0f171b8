#include "slab.h"

#include <linux/netlink.h>
#include <sys/socket.h>

#include <cstring>

#include "scratch.h"

namespace rxnetlink {

namespace {

// Control data comes as bytes at no particular boundary.
template <typename T>
bool ReadControl(const cmsghdr* control, int type, T* value) {
  if (control->cmsg_level != SOL_NETLINK || control->cmsg_type != type) return false;
  if (control->cmsg_len < CMSG_LEN(sizeof(T))) return false;
  memcpy(value, CMSG_DATA(control), sizeof(T));
  return true;
}

// Fills in to whom a datagram was sent. Where that is not sure the datagram is never taken for a reply.
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

}  // namespace

napi_status BuildSlab(napi_env env, Scratch& scratch, const ReadResult& result, bool expectsPacketInfo,
                      napi_value* slab) {
  const unsigned count = scratch.count();
  const size_t table = scratch.bytes();
  void* data = nullptr;
  const size_t size = table + count * sizeof(SlabEntry) + sizeof(SlabTrailer);
  const napi_status status = napi_create_arraybuffer(env, size, &data, slab);
  if (status != napi_ok) return status;

  auto* base = static_cast<uint8_t*>(data);
  auto* entries = reinterpret_cast<SlabEntry*>(base + table);
  uint32_t start = 0;
  for (unsigned index = 0; index < count; index++) {
    const Scratch::Received received = scratch.received(index);
    memcpy(base + start, received.bytes, received.kept);
    const sockaddr_nl& sender = *received.sender;
    entries[index] = {start, received.kept, received.length, sender.nl_pid, sender.nl_groups, 0, 0, 0};
    ReadControls(received.header, expectsPacketInfo, &entries[index]);
    start += static_cast<uint32_t>(AlignLength(received.kept));
  }
  const uint32_t flags = (result.drained ? kTrailerDrained : 0) | (result.lost ? kTrailerLost : 0);
  *reinterpret_cast<SlabTrailer*>(entries + count) = {count, flags, result.dropped, 0};
  return napi_ok;
}

}  // namespace rxnetlink
