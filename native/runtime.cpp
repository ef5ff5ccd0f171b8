// The parts of the C++ runtime that the addon uses, for builds that link no library (scripts/prebuild.mjs).
//
// Exceptions are disabled: the process aborts when memory runs out or a container is misused.
#include <cstddef>
#include <cstdlib>

void* operator new(size_t size) {
  void* memory = malloc(size > 0 ? size : 1);
  if (memory == nullptr) abort();
  return memory;
}

void* operator new[](size_t size) { return operator new(size); }

void operator delete(void* memory) noexcept { free(memory); }
void operator delete[](void* memory) noexcept { free(memory); }
void operator delete(void* memory, size_t) noexcept { free(memory); }
void operator delete[](void* memory, size_t) noexcept { free(memory); }

extern "C" [[noreturn]] void __cxa_pure_virtual() { abort(); }

namespace std {

[[noreturn]] void __throw_bad_alloc() { abort(); }
[[noreturn]] void __throw_bad_array_new_length() { abort(); }
[[noreturn]] void __throw_length_error(const char*) { abort(); }

}  // namespace std
