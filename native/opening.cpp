#include "opening.h"

#include <fcntl.h>
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
  const NetworkNamespace& where;
  Opened opened;
};

void Fail(Opened* opened, const char* step, int error) {
  opened->step = step;
  opened->error = error;
}

void Create(int protocol, Opened* opened) {
  opened->fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, protocol);
  if (opened->fd < 0) Fail(opened, "socket", errno);
}

// The thread's work. It ends afterwards, so nobody minds where it has gone.
void* CreateElsewhere(void* data) {
  auto* order = static_cast<Order*>(data);
  const NetworkNamespace& where = order->where;
  const int fd = where.path == nullptr ? where.fd : open(where.path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) {
    Fail(&order->opened, "netns", errno);
    return nullptr;
  }
  if (setns(fd, CLONE_NEWNET) == 0) Create(order->protocol, &order->opened);
  else Fail(&order->opened, "setns", errno);
  if (where.path != nullptr) close(fd);
  return nullptr;
}

// Runs the work on a thread that gets none of the process's signals.
int RunAside(Order* order) {
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  pthread_t thread;
  const int error = pthread_create(&thread, nullptr, CreateElsewhere, order);
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  if (error == 0) pthread_join(thread, nullptr);
  return error;
}

void Bind(uint32_t portId, Opened* opened) {
  sockaddr_nl address{};
  address.nl_family = AF_NETLINK;
  address.nl_pid = portId;
  socklen_t length = sizeof(address);
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (bind(opened->fd, generic, length) != 0 || getsockname(opened->fd, generic, &length) != 0) {
    Fail(opened, "bind", errno);
    close(opened->fd);
    opened->fd = -1;
    return;
  }
  opened->portId = address.nl_pid;
}

}  // namespace

Opened OpenNetlink(int protocol, uint32_t portId, const NetworkNamespace& where) {
  Order order{protocol, where, {}};
  if (where.path == nullptr && where.fd < 0) {
    Create(protocol, &order.opened);
  } else {
    const int error = RunAside(&order);
    if (error != 0) Fail(&order.opened, "thread", error);
  }
  if (order.opened.fd >= 0) Bind(portId, &order.opened);
  return order.opened;
}

}  // namespace rxnetlink
