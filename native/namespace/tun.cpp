#include "tun.h"

#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace rxnetlink {

namespace {

struct Creation {
  const Tun* tun;
  int netns;
  Failure failure;

  void Fail(const char* step) { failure = {step, errno}; }
};

// Returns the step that failed. The kernel deletes a device that is not persistent when its descriptor is closed.
const char* Configure(int fd, const Tun& tun) {
  ifreq request{};
  memcpy(request.ifr_name, tun.name, sizeof(tun.name));
  request.ifr_flags = static_cast<short>(tun.flags);
  if (ioctl(fd, TUNSETIFF, &request) != 0) return "create";
  if (tun.owner >= 0 && ioctl(fd, TUNSETOWNER, static_cast<unsigned long>(tun.owner)) != 0) return "owner";
  if (tun.group >= 0 && ioctl(fd, TUNSETGROUP, static_cast<unsigned long>(tun.group)) != 0) return "group";
  return ioctl(fd, TUNSETPERSIST, 1UL) == 0 ? nullptr : "persist";
}

// The device is created in the network namespace of the thread that opens the file.
void CreateTunHere(Creation* creation) {
  const int fd = static_cast<int>(syscall(SYS_openat, AT_FDCWD, "/dev/net/tun", O_RDWR | O_CLOEXEC, 0));
  if (fd < 0) return creation->Fail("open");
  const char* step = Configure(fd, *creation->tun);
  if (step != nullptr) creation->Fail(step);
  close(fd);
}

void* CreateTunInNamespace(void* data) {
  auto* creation = static_cast<Creation*>(data);
  if (setns(creation->netns, CLONE_NEWNET) == 0)
    CreateTunHere(creation);
  else
    creation->Fail("setns");
  return nullptr;
}

}  // namespace

Failure CreateTun(const Tun& tun, int netns) {
  Creation creation{&tun, netns, {}};
  if (netns < 0) return CreateTunHere(&creation), creation.failure;
  const int error = RunOnThread(CreateTunInNamespace, &creation);
  return error == 0 ? creation.failure : Failure{"thread", error};
}

}  // namespace rxnetlink
