#pragma once

#include <napi.h>

namespace rxnetlink {

// The JavaScript object of a watcher. Its methods are free functions that get the watcher. They check only the
// arguments that memory safety depends on; lib/socket checks names and ranges and writes the error texts. A negative
// result is an errno.
template <typename T>
class Wrapped final : public Napi::ObjectWrap<Wrapped<T>> {
  using Base = Napi::ObjectWrap<Wrapped<T>>;
  using Function = Napi::Value (*)(T&, const Napi::CallbackInfo&);

 public:
  explicit Wrapped(const Napi::CallbackInfo& info) : Base(info), watcher_(new T(info)) {}
  // Also called when the garbage collector frees the object.
  ~Wrapped() override { watcher_->Disown(); }

  template <Function function>
  static auto Method(const char* name) {
    return Base::template InstanceMethod<&Wrapped::template Invoke<function>>(name);
  }

  template <Function function>
  static auto Getter(const char* name) {
    return Base::template InstanceAccessor<&Wrapped::template Invoke<function>>(name);
  }

 private:
  template <Function function>
  Napi::Value Invoke(const Napi::CallbackInfo& info) {
    return function(*watcher_, info);
  }

  T* const watcher_;
};

}  // namespace rxnetlink
