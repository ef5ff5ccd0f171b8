#include "named.h"

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

namespace rxnetlink {

namespace {

constexpr int kLockTries = 400;
constexpr int kLockMilliseconds = 5;

struct Naming {
  const char* shared;
  const char* path;
  Failure failure;

  void Fail(const char* step) { failure = {step, errno}; }
};

// Not open(2): a 32-bit build would call open64, which musl does not export.
int OpenFile(const char* path, int flags) { return static_cast<int>(syscall(SYS_openat, AT_FDCWD, path, flags, 0)); }

int MakeShared(const char* directory) { return mount("", directory, "none", MS_SHARED | MS_REC, nullptr); }

// Takes the lock of a directory. Any user may hold it: waiting without a limit would block the thread pool. A file
// system without locks is not an error, as for ip.
bool Lock(int fd) {
  for (int tries = 0; tries < kLockTries; tries++) {
    if (flock(fd, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK) return true;
    poll(nullptr, 0, kLockMilliseconds);
  }
  return false;
}

// Makes a directory a shared mount, so that other mount namespaces see names appear and disappear. `ip netns add` takes
// the same lock: without it, two processes would mount the directory on itself twice.
const char* Share(const char* directory) {
  if (MakeShared(directory) == 0) return nullptr;
  // EINVAL: the directory is not the root of a mount.
  if (errno != EINVAL) return "share";
  const int lock = OpenFile(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (lock < 0) return "share";
  if (!Lock(lock)) return close(lock), errno = EAGAIN, "lock";
  int result = MakeShared(directory);
  if (result != 0 && errno == EINVAL) {
    result = mount(directory, directory, "none", MS_BIND | MS_REC, nullptr);
    if (result == 0) result = MakeShared(directory);
  }
  const int error = errno;
  close(lock);
  errno = error;
  return result == 0 ? nullptr : "share";
}

// Runs on a thread of its own, which ends in the new namespace.
void* CreateName(void* data) {
  auto* naming = static_cast<Naming*>(data);
  const char* step = naming->shared[0] == '\0' ? nullptr : Share(naming->shared);
  if (step != nullptr) return naming->Fail(step), nullptr;
  // ip gives the file no permissions either: the mount hides them.
  const int file = OpenFile(naming->path, O_RDONLY | O_CREAT | O_EXCL | O_CLOEXEC);
  if (file < 0) return naming->Fail("name"), nullptr;
  close(file);
  if (unshare(CLONE_NEWNET) != 0)
    naming->Fail("unshare");
  else if (mount("/proc/thread-self/ns/net", naming->path, "none", MS_BIND, nullptr) != 0)
    naming->Fail("mount");
  if (naming->failure.step != nullptr) unlink(naming->path);
  return nullptr;
}

}  // namespace

Failure CreateNamed(const char* shared, const char* path) {
  Naming naming{shared, path, {}};
  const int error = RunOnThread(CreateName, &naming);
  return error == 0 ? naming.failure : Failure{"thread", error};
}

Failure DeleteNamed(const char* path) {
  // Several mounts may lie on one name. EINVAL: none is left.
  while (umount2(path, MNT_DETACH | UMOUNT_NOFOLLOW) == 0) continue;
  if (errno != EINVAL) return {"unmount", errno};
  return unlink(path) == 0 ? Failure{} : Failure{"remove", errno};
}

}  // namespace rxnetlink
