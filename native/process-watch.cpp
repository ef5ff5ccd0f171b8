#include "process-watch.h"

#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

#include "wrapped.h"

#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif

namespace rxnetlink {

int ProcessWatch::Start(int processId, napi_value object, napi_value callback) {
  if (fd() >= 0) return -EBUSY;
  // The descriptor closes on exec, and becomes readable when the process ends.
  const int fd = static_cast<int>(syscall(SYS_pidfd_open, processId, 0));
  if (fd < 0) return -errno;
  const int error = Open(fd);
  if (error != 0) return error;
  if (Root(object, callback, "NETLINKPROCESSWATCH") != napi_ok) {
    Close();
    return -EINVAL;
  }
  SetRef(false);
  Watch();
  return 0;
}

void ProcessWatch::OnReadable(int) {
  const napi_env env = environment_->env();
  Rest();
  napi_handle_scope scope = nullptr;
  if (napi_open_handle_scope(env, &scope) != napi_ok) return;
  Call(0, nullptr);
  napi_close_handle_scope(env, scope);
  Close();
}

namespace {

Napi::Value Start(ProcessWatch& watch, const Napi::CallbackInfo& info) {
  const int result = watch.Start(info[0].As<Napi::Number>().Int32Value(), info.This(), info[1]);
  return Napi::Number::New(info.Env(), result);
}

Napi::Value Close(ProcessWatch& watch, const Napi::CallbackInfo& info) {
  watch.Close();
  return info.Env().Undefined();
}

}  // namespace

Napi::Function DefineProcessWatch(Napi::Env env) {
  using Object = Wrapped<ProcessWatch>;
  return Object::DefineClass(env, "ProcessWatch", {Object::Method<Start>("start"), Object::Method<Close>("close")});
}

}  // namespace rxnetlink
