#include "exports.h"

#include <limits.h>

#include <cerrno>

#include "execute.h"
#include "named.h"
#include "tun.h"

namespace rxnetlink {

namespace {

using Napi::CallbackInfo;
using Napi::Number;
using Napi::Value;

// undefined | { step, errno }
Value Result(napi_env env, const Failure& failure) {
  if (failure.step == nullptr) return Napi::Env(env).Undefined();
  Napi::Object object = Napi::Object::New(env);
  object.Set("step", failure.step);
  object.Set("errno", -failure.error);
  return object;
}

// Copies a text into a buffer. Returns false if the value is not a text, or too long.
bool ReadText(const Value& value, char* buffer, size_t size) {
  size_t length = 0;
  if (napi_get_value_string_utf8(value.Env(), value, nullptr, 0, &length) != napi_ok || length >= size) return false;
  return napi_get_value_string_utf8(value.Env(), value, buffer, size, &length) == napi_ok;
}

int64_t GetId(const Value& value) { return value.IsNumber() ? value.As<Number>().Int64Value() : -1; }

// A change of a name on a thread of the pool. Node waits for it before it frees an environment.
struct NameWork {
  napi_async_work work = nullptr;
  napi_ref done = nullptr;
  bool creates = false;
  char shared[PATH_MAX] = "";
  char path[PATH_MAX] = "";
  Failure failure;

  static void Run(napi_env, void* data) {
    auto* self = static_cast<NameWork*>(data);
    self->failure = self->creates ? CreateNamed(self->shared, self->path) : DeleteNamed(self->path);
  }

  static void End(napi_env env, napi_status, void* data) {
    auto* self = static_cast<NameWork*>(data);
    napi_value done = nullptr, receiver = nullptr;
    // JavaScript does not run any more when a worker is being terminated.
    if (napi_get_reference_value(env, self->done, &done) == napi_ok && done != nullptr &&
        napi_get_undefined(env, &receiver) == napi_ok) {
      napi_value argument = Result(env, self->failure);
      napi_call_function(env, receiver, done, 1, &argument, nullptr);
    }
    self->Free(env);
  }

  void Free(napi_env env) {
    if (done != nullptr) napi_delete_reference(env, done);
    if (work != nullptr) napi_delete_async_work(env, work);
    delete this;
  }

  // Returns 0 or a negative errno; after an error the work no longer exists.
  int Start(napi_env env, napi_value callback) {
    napi_value name = nullptr;
    if (napi_create_reference(env, callback, 1, &done) == napi_ok &&
        napi_create_string_utf8(env, "NETNAMESPACE", NAPI_AUTO_LENGTH, &name) == napi_ok &&
        napi_create_async_work(env, nullptr, name, Run, End, this, &work) == napi_ok &&
        napi_queue_async_work(env, work) == napi_ok) {
      return 0;
    }
    Free(env);
    return -ENOMEM;
  }
};

// createNamespace(shared, path, done: (failure?: { step, errno }) => void): number
Value CreateNamespace(const CallbackInfo& info) {
  auto* work = new NameWork();
  work->creates = true;
  const bool read = ReadText(info[0], work->shared, PATH_MAX) && ReadText(info[1], work->path, PATH_MAX);
  if (!read) return delete work, Number::New(info.Env(), -ENAMETOOLONG);
  return Number::New(info.Env(), work->Start(info.Env(), info[2]));
}

// deleteNamespace(path, done: (failure?: { step, errno }) => void): number
Value DeleteNamespace(const CallbackInfo& info) {
  auto* work = new NameWork();
  if (!ReadText(info[0], work->path, PATH_MAX)) return delete work, Number::New(info.Env(), -ENAMETOOLONG);
  return Number::New(info.Env(), work->Start(info.Env(), info[1]));
}

// createTun(netns: number | undefined, name, flags, owner?: number, group?: number): undefined | { step, errno }
Value CreateTunDevice(const CallbackInfo& info) {
  Tun tun{};
  if (!ReadText(info[1], tun.name, sizeof(tun.name))) return Result(info.Env(), {"create", EINVAL});
  tun.flags = info[2].As<Number>().Int32Value();
  tun.owner = GetId(info[3]);
  tun.group = GetId(info[4]);
  return Result(info.Env(), CreateTun(tun, static_cast<int>(GetId(info[0]))));
}

// enterNamespace(netns): number
Value EnterNamespace(const CallbackInfo& info) {
  return Number::New(info.Env(), -Enter(static_cast<int>(GetId(info[0]))));
}

// Returns strings that a NUL ends; no bytes if the last one has none.
Strings ReadStrings(const Value& value) {
  napi_typedarray_type type;
  void* data = nullptr;
  size_t length = 0;
  const napi_status status = napi_get_typedarray_info(value.Env(), value, &type, &length, &data, nullptr, nullptr);
  const auto* bytes = static_cast<const char*>(data);
  if (status != napi_ok || type != napi_uint8_array || length == 0 || bytes[length - 1] != '\0') return {"", 0};
  return {bytes, length};
}

// execute(file: Uint8Array, arguments: Uint8Array, environment: Uint8Array, user?, group?, descriptors): { step, errno
// }; it does not return if it succeeds.
Value ExecuteProgram(const CallbackInfo& info) {
  const Strings file = ReadStrings(info[0]);
  if (file.length == 0) return Result(info.Env(), {"execute", EINVAL});
  const int descriptors = static_cast<int>(GetId(info[5]));
  const Program program{file.bytes,     ReadStrings(info[1]), ReadStrings(info[2]),
                        GetId(info[3]), GetId(info[4]),       descriptors};
  return Result(info.Env(), Execute(program));
}

}  // namespace

void ExportNamespaces(Napi::Env env, Napi::Object exports) {
  exports.Set("createNamespace", Napi::Function::New<CreateNamespace>(env, "createNamespace"));
  exports.Set("deleteNamespace", Napi::Function::New<DeleteNamespace>(env, "deleteNamespace"));
  exports.Set("createTun", Napi::Function::New<CreateTunDevice>(env, "createTun"));
  exports.Set("enterNamespace", Napi::Function::New<EnterNamespace>(env, "enterNamespace"));
  exports.Set("execute", Napi::Function::New<ExecuteProgram>(env, "execute"));
}

}  // namespace rxnetlink
