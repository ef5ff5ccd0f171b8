#include <napi.h>

#include "environment.h"
#include "process-watch.h"
#include "socket-object.h"

namespace {

Napi::Object Init(Napi::Env env, Napi::Object exports) {
  if (rxnetlink::Environment::Create(env) == nullptr) {
    Napi::Error::New(env, "rxnetlink: the environment cannot hold the addon").ThrowAsJavaScriptException();
    return exports;
  }
  exports.Set("Socket", rxnetlink::DefineSocket(env));
  exports.Set("ProcessWatch", rxnetlink::DefineProcessWatch(env));
  return exports;
}

}  // namespace

NODE_API_MODULE(rxnetlink, Init)
