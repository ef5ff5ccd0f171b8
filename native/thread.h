#pragma once

#include <pthread.h>

namespace rxnetlink {

// The step of an operation that failed, and its errno. `step` is null if all steps succeeded.
struct Failure {
  const char* step = nullptr;
  int error = 0;
};

// Starts a thread in which all signals are blocked: the process handles its signals on other threads. Returns 0 or the
// errno of starting it.
int StartThread(pthread_t* thread, void* (*run)(void*), void* data);

// Runs a function on a new thread and waits for its end. Returns 0, or the errno of starting the thread.
//
// The thread may enter another network namespace: it ends afterwards, so it need not return.
int RunOnThread(void* (*run)(void*), void* data);

}  // namespace rxnetlink
