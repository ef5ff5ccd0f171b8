#include "socket-options.h"

#include <linux/filter.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>

namespace rxnetlink {

namespace {

template <typename T>
int Set(int fd, int level, int option, const T& value) {
  return setsockopt(fd, level, option, &value, sizeof(value)) == 0 ? 0 : -errno;
}

template <typename T>
int Get(int fd, int level, int option, T* value) {
  socklen_t length = sizeof(*value);
  return getsockopt(fd, level, option, value, &length) == 0 ? 0 : -errno;
}

}  // namespace

int SetNetlinkOption(int fd, int option, uint32_t value) { return Set(fd, SOL_NETLINK, option, value); }

int GetNetlinkOption(int fd, int option, uint32_t* value) { return Get(fd, SOL_NETLINK, option, value); }

int ReadMemberships(int fd, std::vector<uint32_t>* groups) {
  std::vector<uint32_t> words;
  socklen_t length = 0;
  // The kernel says how many bytes it has; generic netlink may grow between two calls.
  do {
    words.assign(length / sizeof(uint32_t) + 1, 0);
    length = static_cast<socklen_t>(words.size() * sizeof(uint32_t));
    if (getsockopt(fd, SOL_NETLINK, NETLINK_LIST_MEMBERSHIPS, words.data(), &length) != 0) return -errno;
  } while (length > words.size() * sizeof(uint32_t));
  for (size_t bit = 0; bit < words.size() * 32; bit++) {
    if ((words[bit / 32] >> (bit % 32) & 1) != 0) groups->push_back(static_cast<uint32_t>(bit + 1));
  }
  return 0;
}

int AskBufferSize(int fd, bool receive, int size) {
  const int result = Set(fd, SOL_SOCKET, receive ? SO_RCVBUFFORCE : SO_SNDBUFFORCE, size);
  return result == -EPERM ? Set(fd, SOL_SOCKET, receive ? SO_RCVBUF : SO_SNDBUF, size) : result;
}

int ReadBufferSize(int fd, bool receive, uint32_t* size) { return Get(fd, SOL_SOCKET, receive ? SO_RCVBUF : SO_SNDBUF, size); }

int ReadDrops(int fd, uint32_t* drops) {
  uint32_t memory[SK_MEMINFO_VARS] = {};
  const int result = Get(fd, SOL_SOCKET, SO_MEMINFO, &memory);
  if (result == 0) *drops = memory[SK_MEMINFO_DROPS];
  return result;
}

int AttachFilter(int fd, const uint8_t* program, size_t length) {
  if (length == 0 || length % sizeof(sock_filter) != 0 || length / sizeof(sock_filter) > BPF_MAXINSNS) return -EINVAL;
  std::vector<sock_filter> instructions(length / sizeof(sock_filter));
  memcpy(instructions.data(), program, length);
  sock_fprog filter{static_cast<unsigned short>(instructions.size()), instructions.data()};
  return Set(fd, SOL_SOCKET, SO_ATTACH_FILTER, filter);
}

int DetachFilter(int fd) { return Set(fd, SOL_SOCKET, SO_DETACH_FILTER, 0); }

}  // namespace rxnetlink
