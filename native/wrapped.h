#ifndef RXNETLINK_WRAPPED_H
#define RXNETLINK_WRAPPED_H

#include <napi.h>

namespace rxnetlink {

// The JavaScript object of a watcher. `T` takes the environment and the constructor's arguments; its methods are free
// functions that take the watcher. They check nothing but what keeps memory whole: names, ranges and words are
// lib/socket's. A number below zero that they return is an errno.
template <typename T>
class Wrapped final : public Napi::ObjectWrap<Wrapped<T>> {
  using Base = Napi::ObjectWrap<Wrapped<T>>;

 public:
  explicit Wrapped(const Napi::CallbackInfo& info) : Base(info), watcher_(new T(info)) {}
  // Also what becomes of an object that JavaScript lost.
  ~Wrapped() override { watcher_->Disown(); }

  template <Napi::Value (*function)(T&, const Napi::CallbackInfo&)>
  static auto Method(const char* name) {
    return Base::template InstanceMethod<&Wrapped::template Invoke<function>>(name);
  }

  template <Napi::Value (*function)(T&, const Napi::CallbackInfo&)>
  static auto Getter(const char* name) {
    return Base::template InstanceAccessor<&Wrapped::template Invoke<function>>(name);
  }

 private:
  template <Napi::Value (*function)(T&, const Napi::CallbackInfo&)>
  Napi::Value Invoke(const Napi::CallbackInfo& info) {
    return function(*watcher_, info);
  }

  T* const watcher_;
};

}  // namespace rxnetlink

#endif
