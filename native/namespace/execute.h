#pragma once

#include <cstddef>
#include <cstdint>

#include "../thread.h"

namespace rxnetlink {

// Strings one after the other, each with a NUL at its end.
struct Strings {
  const char* bytes;
  size_t length;
};

// A program that takes the place of this process.
struct Program {
  const char* file;
  Strings arguments;
  Strings environment;
  // Negative: unchanged.
  int64_t user;
  int64_t group;
  // The program gets the descriptors from 0 up to this number.
  int descriptors;
};

// Moves the calling thread to a network namespace, and gives all signals their default action: only for a process that
// `Execute` replaces. Returns 0 or an errno.
int Enter(int netns);

// Replaces the process by a program, which keeps its process ID. Returns only after a failure.
Failure Execute(const Program& program);

}  // namespace rxnetlink
