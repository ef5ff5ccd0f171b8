#pragma once

#include "../thread.h"

namespace rxnetlink {

// Creates a network namespace with a name, as `ip netns add` does: a file on which the namespace is mounted. After a
// failure the file does not exist.
//
// `shared` is the directory to make a shared mount first; an empty text omits this. It waits for the file system and
// for the kernel, which may take seconds: call it from the thread pool.
Failure CreateNamed(const char* shared, const char* path);

// Deletes a name, as `ip netns delete` does. The namespace exists as long as a socket or a process holds it.
Failure DeleteNamed(const char* path);

}  // namespace rxnetlink
