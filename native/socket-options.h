#ifndef RXNETLINK_SOCKET_OPTIONS_H
#define RXNETLINK_SOCKET_OPTIONS_H

#include <cstddef>
#include <cstdint>
#include <vector>

namespace rxnetlink {

// All return 0 or a negative errno.

// Options of level SOL_NETLINK; group memberships are among them.
int SetNetlinkOption(int fd, int option, uint32_t value);
int GetNetlinkOption(int fd, int option, uint32_t* value);
// Groups that the socket is a member of, ascending.
int ReadMemberships(int fd, std::vector<uint32_t>* groups);

// SO_RCVBUF or SO_SNDBUF: the privileged call first, then the one that may fall short.
int AskBufferSize(int fd, bool receive, int size);
int ReadBufferSize(int fd, bool receive, uint32_t* size);

// Datagrams dropped since the socket was made.
int ReadDrops(int fd, uint32_t* drops);

// Attaches a classic BPF program of `length` bytes, 8 an instruction.
int AttachFilter(int fd, const uint8_t* program, size_t length);
int DetachFilter(int fd);

}  // namespace rxnetlink

#endif
