#include "execute.h"

#include <grp.h>
#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <vector>

namespace rxnetlink {

namespace {

// The highest number of a signal, on every architecture but mips.
constexpr int kSignals = 64;

std::vector<char*> Split(const Strings& strings) {
  std::vector<char*> pointers;
  for (size_t at = 0; at < strings.length; at += strlen(strings.bytes + at) + 1)
    pointers.push_back(const_cast<char*>(strings.bytes + at));
  pointers.push_back(nullptr);
  return pointers;
}

// In the order of libuv, which ignores an error of setgroups as well.
Failure ChangeUser(int64_t user, int64_t group) {
  if ((user >= 0 || group >= 0) && setgroups(0, nullptr) != 0) errno = 0;
  if (group >= 0 && setgid(static_cast<gid_t>(group)) != 0) return {"group", errno};
  if (user >= 0 && setuid(static_cast<uid_t>(user)) != 0) return {"user", errno};
  return {};
}

}  // namespace

int Enter(int netns) {
  if (setns(netns, CLONE_NEWNET) != 0) return errno;
  // Node ignores some signals, which a program inherits, and starts its debugger for SIGUSR1.
  for (int number = 1; number <= kSignals; number++) signal(number, SIG_DFL);
  return 0;
}

Failure Execute(const Program& program) {
  const std::vector<char*> arguments = Split(program.arguments);
  const std::vector<char*> environment = Split(program.environment);
  // Node marks all descriptors that it inherits as close-on-exec. A descriptor that is not open is not an error.
  for (int fd = 0; fd < program.descriptors; fd++) ioctl(fd, FIONCLEX);
  const Failure failure = ChangeUser(program.user, program.group);
  if (failure.step != nullptr) return failure;
  execvpe(program.file, arguments.data(), environment.data());
  return {"execute", errno};
}

}  // namespace rxnetlink
