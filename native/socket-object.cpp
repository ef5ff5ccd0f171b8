#include "socket-object.h"

#include <cerrno>
#include <string>

#include "socket-options.h"
#include "socket.h"
#include "wrapped.h"

namespace rxnetlink {

namespace {

using Napi::CallbackInfo;
using Napi::Number;
using Napi::Value;

struct Bytes {
  const uint8_t* data = nullptr;
  size_t length = 0;
};

// The bytes of a Uint8Array; false where it is none.
bool GetBytes(napi_env env, napi_value value, Bytes* bytes) {
  napi_typedarray_type type;
  void* data = nullptr;
  size_t length = 0;
  if (napi_get_typedarray_info(env, value, &type, &length, &data, nullptr, nullptr) != napi_ok) return false;
  *bytes = {static_cast<const uint8_t*>(data), length};
  return type == napi_uint8_array;
}

int32_t GetInt(const CallbackInfo& info, size_t index) { return info[index].As<Number>().Int32Value(); }

uint32_t GetUint(const CallbackInfo& info, size_t index) { return info[index].As<Number>().Uint32Value(); }

// A figure, or the errno of the attempt to get it.
Value Figure(const CallbackInfo& info, int result, uint32_t value = 0) {
  return result == 0 ? Number::New(info.Env(), value) : Number::New(info.Env(), result);
}

// open(protocol, portId, netns?: string | number): undefined | { step, errno }
Value Open(Socket& socket, const CallbackInfo& info) {
  std::string path;
  NetworkNamespace where;
  if (info[2].IsString()) path = info[2].As<Napi::String>().Utf8Value();
  if (info[2].IsString()) where.path = path.c_str();
  if (info[2].IsNumber()) where.fd = GetInt(info, 2);
  const Opened opened = socket.Open(GetInt(info, 0), GetUint(info, 1), where);
  if (opened.step == nullptr) return info.Env().Undefined();
  Napi::Object failure = Napi::Object::New(info.Env());
  failure.Set("step", opened.step);
  failure.Set("errno", -opened.error);
  return failure;
}

// start(receive: (slab: ArrayBuffer) => void): boolean
Value Start(Socket& socket, const CallbackInfo& info) {
  return Napi::Boolean::New(info.Env(), socket.Start(info.This(), info[0]) == napi_ok);
}

// Sends the first bytes of an array.
int SendTo(Socket& socket, const CallbackInfo& info, uint32_t portId, uint32_t groups) {
  Bytes bytes;
  if (!GetBytes(info.Env(), info[0], &bytes) || GetUint(info, 1) > bytes.length) return -EINVAL;
  return socket.Send(bytes.data, GetUint(info, 1), portId, groups);
}

// send(bytes: Uint8Array, length, portId, groups): number
Value Send(Socket& socket, const CallbackInfo& info) {
  return Figure(info, SendTo(socket, info, GetUint(info, 2), GetUint(info, 3)));
}

// exchange(bytes: Uint8Array, length, expected): ArrayBuffer | undefined | number
Value Exchange(Socket& socket, const CallbackInfo& info) {
  const int result = SendTo(socket, info, 0, 0);
  if (result != 0) return Figure(info, result);
  napi_value slab = nullptr;
  const bool received = socket.ReadInline(GetUint(info, 2), &slab);
  return received ? Value(info.Env(), slab) : info.Env().Undefined();
}

// setOption(option, value): number
Value SetOption(Socket& socket, const CallbackInfo& info) { return Figure(info, socket.SetOption(GetInt(info, 0), GetUint(info, 1))); }

// getOption(option): number
Value GetOption(Socket& socket, const CallbackInfo& info) {
  uint32_t value = 0;
  const int result = GetNetlinkOption(socket.fd(), GetInt(info, 0), &value);
  return Figure(info, result, value);
}

// memberships(): number[] | number
Value Memberships(Socket& socket, const CallbackInfo& info) {
  std::vector<uint32_t> groups;
  const int result = ReadMemberships(socket.fd(), &groups);
  if (result != 0) return Figure(info, result);
  Napi::Array array = Napi::Array::New(info.Env(), groups.size());
  for (uint32_t index = 0; index < groups.size(); index++) array.Set(index, Number::New(info.Env(), groups[index]));
  return array;
}

// setBufferSize(receive: boolean, size): number
Value SetBufferSize(Socket& socket, const CallbackInfo& info) {
  return Figure(info, AskBufferSize(socket.fd(), info[0].As<Napi::Boolean>().Value(), GetInt(info, 1)));
}

// getBufferSize(receive: boolean): number
Value GetBufferSize(Socket& socket, const CallbackInfo& info) {
  uint32_t size = 0;
  const int result = ReadBufferSize(socket.fd(), info[0].As<Napi::Boolean>().Value(), &size);
  return Figure(info, result, size);
}

// drops(): number
Value Drops(Socket& socket, const CallbackInfo& info) {
  uint32_t drops = 0;
  const int result = ReadDrops(socket.fd(), &drops);
  return Figure(info, result, drops);
}

// setFilter(program: Uint8Array | null): number
Value SetFilter(Socket& socket, const CallbackInfo& info) {
  Bytes program;
  if (info[0].IsNull()) return Figure(info, DetachFilter(socket.fd()));
  if (!GetBytes(info.Env(), info[0], &program)) return Figure(info, -EINVAL);
  return Figure(info, AttachFilter(socket.fd(), program.data, program.length));
}

Value PortId(Socket& socket, const CallbackInfo& info) { return Number::New(info.Env(), socket.portId()); }

Value Fd(Socket& socket, const CallbackInfo& info) { return Number::New(info.Env(), socket.fd()); }

Value SetRef(Socket& socket, const CallbackInfo& info) {
  socket.SetRef(info[0].As<Napi::Boolean>().Value());
  return info.Env().Undefined();
}

Value Pause(Socket& socket, const CallbackInfo& info) {
  socket.Pause();
  return info.Env().Undefined();
}

Value Resume(Socket& socket, const CallbackInfo& info) {
  socket.Resume();
  return info.Env().Undefined();
}

Value Close(Socket& socket, const CallbackInfo& info) {
  socket.Close();
  return info.Env().Undefined();
}

}  // namespace

Napi::Function DefineSocket(Napi::Env env) {
  using Object = Wrapped<Socket>;
  return Object::DefineClass(env, "Socket",
                             {
                                 Object::Method<Open>("open"),
                                 Object::Method<Start>("start"),
                                 Object::Method<Send>("send"),
                                 Object::Method<Exchange>("exchange"),
                                 Object::Method<SetOption>("setOption"),
                                 Object::Method<GetOption>("getOption"),
                                 Object::Method<Memberships>("memberships"),
                                 Object::Method<SetBufferSize>("setBufferSize"),
                                 Object::Method<GetBufferSize>("getBufferSize"),
                                 Object::Method<Drops>("drops"),
                                 Object::Method<SetFilter>("setFilter"),
                                 Object::Method<SetRef>("setRef"),
                                 Object::Method<Pause>("pause"),
                                 Object::Method<Resume>("resume"),
                                 Object::Method<Close>("close"),
                                 Object::Getter<PortId>("portId"),
                                 Object::Getter<Fd>("fd"),
                             });
}

}  // namespace rxnetlink
