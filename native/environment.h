#pragma once

#include <node_api.h>
#include <uv.h>

#include <vector>

#include "receive/ahead.h"
#include "receive/scratch.h"

namespace rxnetlink {

class Watcher;

// All that the addon keeps for one JavaScript environment (the main thread's, or a worker's).
//
// When the environment stops it closes every watcher, and holds the environment up until their handles have said that
// they are closed, and the thread pool has given back what it was asked to read: libuv still calls into this code and
// this memory until then.
class Environment {
 public:
  // False where Node-API refuses.
  static bool Create(napi_env env);
  static Environment* Of(napi_env env);

  napi_env env() const { return env_; }
  uv_loop_t* loop() const { return loop_; }
  bool stopping() const { return stopping_; }

  // Makes the scratch fit for one more socket. What a read on the loop's thread leaves there is copied out before
  // JavaScript runs, so all sockets share it.
  bool Reserve(size_t datagramSize) { return scratch_.Reserve(datagramSize); }
  // The scratch, empty, with slots for the largest datagram that any open socket takes.
  Scratch& EmptyScratch() {
    scratch_.Clear(stride_);
    return scratch_;
  }

  Ahead& ahead() { return ahead_; }
  void OnAheadBack() { LetGoWhenIdle(); }

  // A watcher's timer is being served.
  void SetRunsTimer(bool on) { runsTimer_ = on; }
  bool runsTimer() const { return runsTimer_; }

  // A watcher belongs to the environment from its first handle until all of them are closed.
  void Add(Watcher* watcher);
  void Remove(Watcher* watcher);

 private:
  Environment(napi_env env, uv_loop_t* loop) : env_(env), loop_(loop), ahead_(this) {}
  ~Environment() = default;
  static void Stop(void* environment);
  void Measure();
  void LetGoWhenIdle();

  const napi_env env_;
  uv_loop_t* const loop_;
  // Null where the environment waits for nothing: in Deno.
  napi_async_cleanup_hook_handle hook_ = nullptr;
  bool stopping_ = false;
  bool runsTimer_ = false;
  size_t stride_ = 1;
  std::vector<Watcher*> watchers_;
  Scratch scratch_;
  Ahead ahead_;
};

}  // namespace rxnetlink
