#pragma once

#include <napi.h>

namespace rxnetlink {

// The JavaScript object of a watcher. Its methods are free functions that take the watcher; they check no more than
// memory needs: names, ranges and words are lib/socket's. A number below zero that they return is an errno.
template <typename T>
class Wrapped final : public Napi::ObjectWrap<Wrapped<T>> {
  using Base = Napi::ObjectWrap<Wrapped<T>>;
  using Function = Napi::Value (*)(T&, const Napi::CallbackInfo&);

 public:
  explicit Wrapped(const Napi::CallbackInfo& info) : Base(info), watcher_(new T(info)) {}
  // Also the end of an object that JavaScript lost.
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
