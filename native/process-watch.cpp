#include "process-watch.h"

#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif

namespace rxnetlink {

int ProcessWatch::Start(int processId, napi_value object, napi_value callback) {
  if (!isNew()) return -EBUSY;
  // pidfd_open(2): the descriptor closes on exec, and becomes readable when the process ends.
  const int fd = static_cast<int>(syscall(SYS_pidfd_open, processId, 0));
  if (fd < 0) return -errno;
  const int error = Open(fd);
  if (error != 0) return error;
  if (!Root(object, callback, "NETLINKPROCESSWATCH")) return Close(), -EINVAL;
  SetRef(false);
  Watch();
  return 0;
}

void ProcessWatch::OnReadable() {
  const HandleScope scope(environment_->env());
  Unwatch();
  Call(0, nullptr);
  Close();
}

}  // namespace rxnetlink
