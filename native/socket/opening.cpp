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

struct Order {
  int protocol;
  int netns;
  Opened opened;

  void Fail(const char* step, int error) {
    opened.step = step;
    opened.error = error;
  }
};

void Create(Order* order) {
  order->opened.fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, order->protocol);
  if (order->opened.fd < 0) order->Fail("socket", errno);
}

// The thread's work. It ends afterwards, so nobody minds where it has gone.
void* CreateElsewhere(void* data) {
  auto* order = static_cast<Order*>(data);
  if (setns(order->netns, CLONE_NEWNET) == 0)
    Create(order);
  else
    order->Fail("setns", errno);
  return nullptr;
}

// The thread gets none of the process's signals.
void RunAside(Order* order) {
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  pthread_t thread;
  const int error = pthread_create(&thread, nullptr, CreateElsewhere, order);
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  if (error == 0)
    pthread_join(thread, nullptr);
  else
    order->Fail("thread", error);
}

void Bind(Order* order, uint32_t portId) {
  Opened& opened = order->opened;
  sockaddr_nl address{};
  address.nl_family = AF_NETLINK;
  address.nl_pid = portId;
  socklen_t length = sizeof(address);
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (bind(opened.fd, generic, length) == 0 && getsockname(opened.fd, generic, &length) == 0) {
    opened.portId = address.nl_pid;
    return;
  }
  order->Fail("bind", errno);
  close(opened.fd);
  opened.fd = -1;
}

}  // namespace

Opened OpenNetlink(int protocol, uint32_t portId, int netns) {
  Order order{protocol, netns, {}};
  if (netns < 0)
    Create(&order);
  else
    RunAside(&order);
  if (order.opened.fd >= 0) Bind(&order, portId);
  return order.opened;
}

}  // namespace rxnetlink
