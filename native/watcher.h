#pragma once

#include "environment.h"

namespace rxnetlink {

// A handle scope for code that libuv calls and that creates JavaScript values.
class HandleScope {
 public:
  explicit HandleScope(napi_env env) : env_(env) { napi_open_handle_scope(env, &scope_); }
  HandleScope(const HandleScope&) = delete;
  ~HandleScope() {
    if (scope_ != nullptr) napi_close_handle_scope(env_, scope_);
  }

 private:
  const napi_env env_;
  napi_handle_scope scope_ = nullptr;
};

// A descriptor that the event loop watches, and the JavaScript function that is called.
//
// It is a heap object apart from its JavaScript object. It has two owners: the JavaScript object, and libuv from `Open`
// until every handle is closed. A rooted watcher keeps its JavaScript object from being collected until it closes.
class Watcher {
 public:
  Watcher(const Watcher&) = delete;

  // Releases everything except the memory; may be called again. The descriptor closes at once, which frees its port ID.
  // In a stopping environment it closes after the handles.
  void Close();
  // Closes the watcher and ends the ownership of the JavaScript object.
  void Disown();
  // Sets whether the watcher keeps the process alive.
  void SetRef(bool ref);

  int fd() const { return fd_; }
  bool isOpen() const { return fd_ >= 0 && !closing_; }
  // True before `Open` and `Close`: a watcher can be opened once.
  bool isNew() const { return fd_ < 0 && !closing_; }
  // The number of bytes that a slot of the scratch must have.
  virtual size_t stride() const { return 1; }

 protected:
  explicit Watcher(Environment* environment) : environment_(environment) {}
  virtual ~Watcher() = default;

  // Takes ownership of a descriptor. Returns 0, or a negative errno after closing the descriptor.
  int Open(int fd);
  // Makes the JavaScript object a root for the garbage collector, and sets the function to call.
  bool Root(napi_value object, napi_value callback, const char* name);

  // Watches the descriptor until `Unwatch`; libuv stops on its own if the descriptor has an error.
  void Watch();
  void Unwatch() { uv_poll_stop(&poll_); }
  bool isWatching() const { return uv_is_active(reinterpret_cast<const uv_handle_t*>(&poll_)) != 0; }
  // Calls `OnTime` once after so many milliseconds. With `kNever` the timer only keeps the process alive.
  void Schedule(uint64_t milliseconds);
  void Unschedule() { uv_timer_stop(&timer_); }
  static constexpr uint64_t kNever = UINT64_MAX;

  // Calls the JavaScript function from the event loop.
  void Call(size_t argc, const napi_value* argv);

  virtual void OnReadable() = 0;
  virtual void OnTime() {}
  // Called before the watcher closes; the descriptor is still open.
  virtual void OnClose() {}

  Environment* const environment_;

 private:
  static void OnClosed(uv_handle_t* handle);
  void CloseDescriptor();
  void DropRoots();

  int fd_ = -1;
  unsigned owners_ = 1;
  unsigned handles_ = 0;
  bool closing_ = false;
  uv_poll_t poll_{};
  uv_timer_t timer_{};
  uint64_t delay_ = 0;
  napi_ref object_ = nullptr;
  napi_ref callback_ = nullptr;
  napi_async_context context_ = nullptr;
};

}  // namespace rxnetlink
