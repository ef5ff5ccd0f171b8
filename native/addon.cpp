#include <linux/filter.h>
#include <linux/netlink.h>
#include <napi.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <vector>

#include "environment.h"
#include "namespace/exports.h"
#include "process-watch.h"
#include "socket/socket.h"
#include "socket/wrapped.h"

namespace rxnetlink {

namespace {

using Napi::CallbackInfo;
using Napi::Number;
using Napi::Value;

// The memory of a Uint8Array or a Uint32Array.
struct View {
  uint8_t* data = nullptr;
  size_t length = 0;

  View(const Value& value, napi_typedarray_type wanted) {
    napi_typedarray_type type;
    void* found = nullptr;
    size_t count = 0;
    const napi_status status = napi_get_typedarray_info(value.Env(), value, &type, &count, &found, nullptr, nullptr);
    if (status != napi_ok || type != wanted) return;
    data = static_cast<uint8_t*>(found);
    length = type == napi_uint32_array ? count * sizeof(uint32_t) : count;
  }
};

int GetInt(const CallbackInfo& info, size_t index) { return info[index].As<Number>().Int32Value(); }

uint32_t GetUint(const CallbackInfo& info, size_t index) { return info[index].As<Number>().Uint32Value(); }

Value Result(const CallbackInfo& info, int result) { return Number::New(info.Env(), result); }

// open(protocol, portId, netns?: number): undefined | { step, errno }
Value Open(Socket& socket, const CallbackInfo& info) {
  const int netns = info[2].IsNumber() ? GetInt(info, 2) : -1;
  const Opened opened = socket.Open(GetInt(info, 0), GetUint(info, 1), netns);
  if (opened.step == nullptr) return info.Env().Undefined();
  Napi::Object failure = Napi::Object::New(info.Env());
  failure.Set("step", opened.step);
  failure.Set("errno", -opened.error);
  return failure;
}

// start(receive: (slab: ArrayBuffer) => void): boolean
Value Start(Socket& socket, const CallbackInfo& info) {
  return Napi::Boolean::New(info.Env(), socket.Start(info.This(), info[0]));
}

// send(bytes: Uint8Array, length, portId, groups): number
Value Send(Socket& socket, const CallbackInfo& info) {
  const View bytes(info[0], napi_uint8_array);
  const uint32_t length = GetUint(info, 1);
  if (length > bytes.length) return Result(info, -EINVAL);
  // The event loop reads the answer.
  socket.WatchAgain();
  return Result(info, socket.Send(bytes.data, length, GetUint(info, 2), GetUint(info, 3)));
}

// Fetches the cache lines of a usual reply while the kernel makes it: the memory of replies is fresh.
void Prefetch(const SlabRoom& room) {
  constexpr size_t kLine = 64, kUsual = 1600;
  for (size_t at = 0; at < std::min(room.size, kUsual); at += kLine) __builtin_prefetch(room.data + at, 1);
}

// exchange(socket: number, bytes: Uint8Array, length, expected, room: Uint8Array, start): ArrayBuffer | undefined |
// number, the length of a slab in the room or a negative errno
//
// A function of the addon: finding the socket of a JavaScript object takes 2 % of the time of a request.
napi_value Exchange(napi_env env, napi_callback_info info) {
  napi_value arguments[6];
  size_t count = 6;
  void* data = nullptr;
  uint32_t number = 0, length = 0, expected = 0, start = 0;
  if (napi_get_cb_info(env, info, &count, arguments, nullptr, &data) != napi_ok || count < 6) return nullptr;
  if (napi_get_value_uint32(env, arguments[0], &number) != napi_ok) return nullptr;
  napi_get_value_uint32(env, arguments[2], &length);
  napi_get_value_uint32(env, arguments[3], &expected);
  napi_get_value_uint32(env, arguments[5], &start);
  Socket* socket = static_cast<Environment*>(data)->Find(number);
  const View bytes({env, arguments[1]}, napi_uint8_array);
  const View memory({env, arguments[4]}, napi_uint8_array);
  SlabRoom room;
  // The words of the slab must be aligned.
  if (start < memory.length && reinterpret_cast<uintptr_t>(memory.data + start) % alignof(SlabEntry) == 0)
    room = {memory.data + start, memory.length - start, 0};
  Prefetch(room);
  napi_value result = nullptr;
  const int error = socket == nullptr ? -EBADF : length > bytes.length ? -EINVAL : socket->Send(bytes.data, length, 0, 0);
  if (error != 0) return napi_create_int32(env, error, &result), result;
  if (!socket->ReadInline(expected, &room, &result)) return nullptr;
  if (room.used > 0) napi_create_uint32(env, static_cast<uint32_t>(room.used), &result);
  return result;
}

// readNow(): ArrayBuffer | undefined
Value ReadNow(Socket& socket, const CallbackInfo& info) {
  napi_value slab = nullptr;
  return socket.ReadNow(&slab) ? Value(info.Env(), slab) : info.Env().Undefined();
}

// wait(timeout): ArrayBuffer | undefined | number
Value Wait(Socket& socket, const CallbackInfo& info) {
  napi_value slab = nullptr;
  const int result = socket.Wait(GetInt(info, 0), &slab);
  if (result < 0) return Result(info, result);
  return result > 0 ? Value(info.Env(), slab) : info.Env().Undefined();
}

// setOption(level, option, value): number
Value SetOption(Socket& socket, const CallbackInfo& info) {
  return Result(info, socket.SetOption(GetInt(info, 0), GetInt(info, 1), GetUint(info, 2)));
}

// getOption(level, option, value: Uint32Array): number, the length of the option in bytes
Value GetOption(Socket& socket, const CallbackInfo& info) {
  const View value(info[2], napi_uint32_array);
  auto length = static_cast<socklen_t>(value.length);
  const int result = getsockopt(socket.fd(), GetInt(info, 0), GetInt(info, 1), value.data, &length);
  return Result(info, result == 0 ? static_cast<int>(length) : -errno);
}

// setFilter(program: Uint8Array | null): number
Value SetFilter(Socket& socket, const CallbackInfo& info) {
  if (info[0].IsNull()) return Result(info, socket.SetFilter(nullptr));
  const View program(info[0], napi_uint8_array);
  std::vector<sock_filter> instructions(program.length / sizeof(sock_filter));
  const bool whole = program.length % sizeof(sock_filter) == 0;
  if (!whole || instructions.empty() || instructions.size() > BPF_MAXINSNS) return Result(info, -EINVAL);
  memcpy(instructions.data(), program.data, program.length);
  const sock_fprog filter{static_cast<unsigned short>(instructions.size()), instructions.data()};
  return Result(info, socket.SetFilter(&filter));
}

Value PortId(Socket& socket, const CallbackInfo& info) { return Number::New(info.Env(), socket.portId()); }

Value SocketNumber(Socket& socket, const CallbackInfo& info) { return Number::New(info.Env(), socket.number()); }

Value OverrunPending(Socket& socket, const CallbackInfo& info) {
  return Napi::Boolean::New(info.Env(), socket.overrunPending());
}

Value ReadsAhead(Socket& socket, const CallbackInfo& info) { return Number::New(info.Env(), socket.readsAhead()); }

Value Fd(Socket& socket, const CallbackInfo& info) { return Result(info, socket.fd()); }

// setRef(ref: boolean): void
Value SetRef(Socket& socket, const CallbackInfo& info) {
  socket.SetRef(info[0].As<Napi::Boolean>().Value());
  return info.Env().Undefined();
}

// A method without arguments and without a result.
template <typename T, void (T::*method)()>
Value Plain(T& watcher, const CallbackInfo& info) {
  (watcher.*method)();
  return info.Env().Undefined();
}

template <typename T>
Value Close(T& watcher, const CallbackInfo& info) {
  watcher.Close();
  return info.Env().Undefined();
}

// start(processId, onExit): number
Value StartWatch(ProcessWatch& watch, const CallbackInfo& info) {
  return Result(info, watch.Start(GetInt(info, 0), info.This(), info[1]));
}

Napi::Function DefineSocket(Napi::Env env) {
  using Object = Wrapped<Socket>;
  return Object::DefineClass(
      env, "Socket",
      {Object::Method<Open>("open"), Object::Method<Start>("start"), Object::Method<Send>("send"),
       Object::Method<ReadNow>("readNow"), Object::Method<Wait>("wait"),
       Object::Method<SetOption>("setOption"), Object::Method<GetOption>("getOption"),
       Object::Method<SetFilter>("setFilter"), Object::Method<SetRef>("setRef"),
       Object::Method<Plain<Socket, &Socket::Pause>>("pause"), Object::Method<Plain<Socket, &Socket::Resume>>("resume"),
       Object::Method<Close<Socket>>("close"), Object::Getter<PortId>("portId"), Object::Getter<Fd>("fd"),
       Object::Getter<SocketNumber>("number"),
       Object::Getter<ReadsAhead>("readsAhead"), Object::Getter<OverrunPending>("overrunPending")});
}

Napi::Function DefineProcessWatch(Napi::Env env) {
  using Object = Wrapped<ProcessWatch>;
  return Object::DefineClass(env, "ProcessWatch",
                             {Object::Method<StartWatch>("start"), Object::Method<Close<ProcessWatch>>("close")});
}

// The options of level SOL_SOCKET; their numbers differ between architectures.
Napi::Object Constants(Napi::Env env) {
  Napi::Object constants = Napi::Object::New(env);
  constants.Set("SocketLevel", SOL_SOCKET);
  constants.Set("ReceiveBuffer", SO_RCVBUF);
  constants.Set("ReceiveBufferForce", SO_RCVBUFFORCE);
  constants.Set("SendBuffer", SO_SNDBUF);
  constants.Set("SendBufferForce", SO_SNDBUFFORCE);
  constants.Set("MemoryInfo", SO_MEMINFO);
  return constants;
}

Napi::Object Init(Napi::Env env, Napi::Object exports) {
  if (!Environment::Create(env)) {
    Napi::Error::New(env, "rxnetlink: the native addon cannot register its cleanup hook").ThrowAsJavaScriptException();
    return exports;
  }
  exports.Set("Socket", DefineSocket(env));
  napi_value exchange = nullptr;
  if (napi_create_function(env, "exchange", NAPI_AUTO_LENGTH, Exchange, Environment::Of(env), &exchange) != napi_ok) {
    Napi::Error::New(env).ThrowAsJavaScriptException();
    return exports;
  }
  exports.Set("exchange", Napi::Value(env, exchange));
  exports.Set("ProcessWatch", DefineProcessWatch(env));
  exports.Set("constants", Constants(env));
  ExportNamespaces(env, exports);
  return exports;
}

}  // namespace

NODE_API_MODULE(rxnetlink, Init)

}  // namespace rxnetlink
