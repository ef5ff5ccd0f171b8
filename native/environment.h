#ifndef RXNETLINK_ENVIRONMENT_H
#define RXNETLINK_ENVIRONMENT_H

#include <node_api.h>
#include <uv.h>

#include <cstddef>
#include <unordered_set>

#include "scratch.h"

namespace rxnetlink {

class Watcher;

// All that the addon keeps for one JavaScript environment (the main thread's, or a worker's).
//
// When the environment stops it closes every watcher, and holds the environment up until their handles have said that
// they are closed: libuv still calls into this code and this memory until then.
class Environment {
 public:
  // Makes the environment's instance; null where Node-API refuses.
  static Environment* Create(napi_env env);
  static Environment* Of(napi_env env);

  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;

  napi_env env() const { return env_; }
  uv_loop_t* loop() const { return loop_; }
  bool stopping() const { return stopping_; }

  Scratch& scratch() { return scratch_; }
  // Distance between the slots of the scratch: the largest datagram that any open socket takes.
  size_t stride() const { return stride_; }

  // A watcher belongs to the environment from its first handle until all of them are closed.
  void Add(Watcher* watcher);
  void Remove(Watcher* watcher);

 private:
  Environment(napi_env env, uv_loop_t* loop) : env_(env), loop_(loop) {}
  ~Environment() = default;

  static void OnStop(napi_async_cleanup_hook_handle hook, void* data);
  void Measure();
  void LetGo();

  const napi_env env_;
  uv_loop_t* const loop_;
  napi_async_cleanup_hook_handle hook_ = nullptr;
  bool stopping_ = false;
  size_t stride_ = 0;
  std::unordered_set<Watcher*> watchers_;
  Scratch scratch_;
};

}  // namespace rxnetlink

#endif
