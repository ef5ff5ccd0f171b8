#pragma once

namespace rxnetlink {

// The step of an operation that failed, and its errno. `step` is null if all steps succeeded.
struct Failure {
  const char* step = nullptr;
  int error = 0;
};

// Runs a function on a new thread and waits for its end. Returns 0, or the errno of starting the thread.
//
// The thread may enter another network namespace: it ends afterwards, so it need not return. All signals are blocked
// there: the process handles its signals on other threads.
int RunOnThread(void* (*run)(void*), void* data);

}  // namespace rxnetlink
