#include "thread.h"

#include <pthread.h>
#include <signal.h>

namespace rxnetlink {

int RunOnThread(void* (*run)(void*), void* data) {
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  pthread_t thread;
  const int error = pthread_create(&thread, nullptr, run, data);
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  if (error == 0) pthread_join(thread, nullptr);
  return error;
}

}  // namespace rxnetlink
