#include "thread.h"

#include <signal.h>

namespace rxnetlink {

int StartThread(pthread_t* thread, void* (*run)(void*), void* data) {
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  const int error = pthread_create(thread, nullptr, run, data);
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return error;
}

int RunOnThread(void* (*run)(void*), void* data) {
  pthread_t thread;
  const int error = StartThread(&thread, run, data);
  if (error == 0) pthread_join(thread, nullptr);
  return error;
}

}  // namespace rxnetlink
