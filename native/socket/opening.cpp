#include "opening.h"

#include <linux/netlink.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

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

// Runs on the thread. The thread ends afterwards, so it need not return to its namespace.
void* CreateInNamespace(void* data) {
  auto* opening = static_cast<Opening*>(data);
  if (setns(opening->netns, CLONE_NEWNET) == 0)
    Create(opening);
  else
    opening->Fail("setns", errno);
  return nullptr;
}

// Runs the thread with all signals blocked: the process handles its signals on other threads.
void CreateOnThread(Opening* opening) {
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  pthread_t thread;
  const int error = pthread_create(&thread, nullptr, CreateInNamespace, opening);
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  if (error == 0)
    pthread_join(thread, nullptr);
  else
    opening->Fail("thread", error);
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
  if (netns < 0)
    Create(&opening);
  else
    CreateOnThread(&opening);
  if (opening.opened.fd >= 0) Bind(&opening, portId);
  return opening.opened;
}

}  // namespace rxnetlink
