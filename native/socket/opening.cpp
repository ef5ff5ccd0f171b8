#include "opening.h"

#include <linux/netlink.h>
#include <sched.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

#include "../thread.h"

namespace rxnetlink {

namespace {

struct Opening {
  int protocol;
  int netns;
  Opened opened;

  void Fail(const char* step, int error) {
    opened.step = step;
    opened.error = error;
  }
};

void Create(Opening* opening) {
  opening->opened.fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, opening->protocol);
  if (opening->opened.fd < 0) opening->Fail("socket", errno);
}

void* CreateInNamespace(void* data) {
  auto* opening = static_cast<Opening*>(data);
  if (setns(opening->netns, CLONE_NEWNET) == 0)
    Create(opening);
  else
    opening->Fail("setns", errno);
  return nullptr;
}

void Bind(Opening* opening, uint32_t portId) {
  Opened& opened = opening->opened;
  sockaddr_nl address{};
  address.nl_family = AF_NETLINK;
  address.nl_pid = portId;
  socklen_t length = sizeof(address);
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (bind(opened.fd, generic, length) == 0 && getsockname(opened.fd, generic, &length) == 0) {
    opened.portId = address.nl_pid;
    return;
  }
  opening->Fail("bind", errno);
  close(opened.fd);
  opened.fd = -1;
}

}  // namespace

Opened OpenNetlink(int protocol, uint32_t portId, int netns) {
  Opening opening{protocol, netns, {}};
  if (netns < 0) {
    Create(&opening);
  } else {
    const int error = RunOnThread(CreateInNamespace, &opening);
    if (error != 0) opening.Fail("thread", error);
  }
  if (opening.opened.fd >= 0) Bind(&opening, portId);
  return opening.opened;
}

}  // namespace rxnetlink
