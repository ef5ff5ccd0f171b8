#pragma once

#include "environment.h"

namespace rxnetlink {

// For code that libuv calls, and that makes values.
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

// A descriptor that the event loop watches, and the JavaScript function that hears of it.
//
// Lives on the heap, apart from its JavaScript object: one share of it belongs to that object, one to libuv, from
// `Open` until every handle has been closed. Once rooted it keeps its object from being collected until it closes.
class Watcher {
 public:
  Watcher(const Watcher&) = delete;

  // Ends all but the memory; may be called again. In a stopping environment the descriptor stays until the handles are
  // closed; else it closes at once, and its port ID is free.
  void Close();
  // Ends the JavaScript object's share; closes what is open.
  void Disown();
  // Says whether it keeps the process alive.
  void SetRef(bool ref);

  int fd() const { return fd_; }
  bool isOpen() const { return fd_ >= 0 && !closing_; }
  // Never opened, and not closed: it can be opened once.
  bool isNew() const { return fd_ < 0 && !closing_; }
  // Bytes that a slot of the scratch must have for it.
  virtual size_t stride() const { return 1; }

 protected:
  explicit Watcher(Environment* environment) : environment_(environment) {}
  virtual ~Watcher() = default;

  // Takes over a descriptor; where that fails, with a negative errno, the descriptor is closed.
  int Open(int fd);
  // Makes it a root for the garbage collector, and `callback` the function to call.
  bool Root(napi_value object, napi_value callback, const char* name);

  // Watches until `Rest`; libuv stops by itself where the descriptor has an error.
  void Watch();
  void Rest() { uv_poll_stop(&poll_); }
  bool isWatching() const { return uv_is_active(reinterpret_cast<const uv_handle_t*>(&poll_)) != 0; }
  // Calls `OnTime` once, after so many milliseconds; never, to be what keeps the process alive.
  void Schedule(uint64_t milliseconds);
  void Unschedule() { uv_timer_stop(&timer_); }
  static constexpr uint64_t kNever = UINT64_MAX;

  // Calls the JavaScript function from the event loop.
  void Call(size_t argc, const napi_value* argv);

  virtual void OnReadable() = 0;
  virtual void OnTime() {}
  // It is about to close; the descriptor is still there.
  virtual void OnClose() {}

  Environment* const environment_;

 private:
  static void OnClosed(uv_handle_t* handle);
  void CloseDescriptor();
  void DropRoots();

  int fd_ = -1;
  unsigned shares_ = 1;
  unsigned handles_ = 0;
  bool closing_ = false;
  uv_poll_t poll_{};
  uv_timer_t timer_{};
  napi_ref object_ = nullptr;
  napi_ref callback_ = nullptr;
  napi_async_context context_ = nullptr;
};

}  // namespace rxnetlink
