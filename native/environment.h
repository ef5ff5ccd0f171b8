#pragma once

#include <node_api.h>
#include <uv.h>

#include <vector>

#include "receive/ahead.h"
#include "receive/scratch.h"

namespace rxnetlink {

class Socket;
class Watcher;

// The state of the addon for one JavaScript environment (of the main thread, or of a worker).
//
// When the environment stops, this closes every watcher. It delays the end of the environment until the close callbacks
// of their handles, and of the thread that reads ahead, have run: until then libuv still calls into this code and uses
// this memory.
class Environment {
 public:
  // Returns false if a call of Node-API fails.
  static bool Create(napi_env env);
  static Environment* Of(napi_env env);

  napi_env env() const { return env_; }
  uv_loop_t* loop() const { return loop_; }
  bool stopping() const { return stopping_; }

  // Makes the scratch large enough for one more socket. All sockets share it: the datagrams of a read on the loop's
  // thread are copied out before JavaScript runs.
  bool Reserve(size_t datagramSize) { return scratch_.Reserve(datagramSize); }
  // Returns the empty scratch, with slots for the largest datagram that any open socket accepts.
  Scratch& EmptyScratch() {
    scratch_.Clear(stride_);
    return scratch_;
  }

  // Gives a socket a number until `Forget`. Finding a socket by its number is faster than by its JavaScript object, of
  // which Node-API looks a property up.
  uint32_t Number(Socket* socket);
  void Forget(uint32_t number);
  // Returns null if no socket has the number.
  Socket* Find(uint32_t number) const { return number < sockets_.size() ? sockets_[number] : nullptr; }

  Ahead& ahead() { return ahead_; }
  // The thread that reads ahead has ended.
  void OnAheadClosed() { EndWhenIdle(); }
  // False in Deno, where the end of the environment does not wait for the addon.
  bool waits() const { return hook_ != nullptr; }

  // True while the callback of a watcher's timer runs.
  void SetRunsTimer(bool on) { runsTimer_ = on; }
  bool runsTimer() const { return runsTimer_; }

  // A watcher is in the list from its first handle until all of its handles are closed.
  void Add(Watcher* watcher);
  void Remove(Watcher* watcher);
  // Lets the environment end when no handle is open. Node-API then deletes the instance.
  void EndWhenIdle();

 private:
  Environment(napi_env env, uv_loop_t* loop) : env_(env), loop_(loop), ahead_(this) {}
  ~Environment() = default;
  static void Stop(void* environment);
  void UpdateStride();

  const napi_env env_;
  uv_loop_t* const loop_;
  // Null in Deno.
  napi_async_cleanup_hook_handle hook_ = nullptr;
  bool stopping_ = false;
  bool runsTimer_ = false;
  size_t stride_ = 1;
  std::vector<Watcher*> watchers_;
  std::vector<Socket*> sockets_;
  uint32_t firstFree_ = 0;
  Scratch scratch_;
  Ahead ahead_;
};

}  // namespace rxnetlink
