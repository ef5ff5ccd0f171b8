#ifndef RXNETLINK_WATCHER_H
#define RXNETLINK_WATCHER_H

#include <node_api.h>
#include <uv.h>

#include <cstddef>

#include "environment.h"

namespace rxnetlink {

// A descriptor that the event loop watches, and the JavaScript function that hears of it.
//
// Lives on the heap, apart from its JavaScript object: one share of it belongs to that object, one to libuv, from `Open`
// until every handle has been closed. While it is started it keeps its object from being collected.
class Watcher {
 public:
  Watcher(const Watcher&) = delete;
  Watcher& operator=(const Watcher&) = delete;

  // Ends the JavaScript object's share; closes what is open.
  void Disown();
  // Ends it all but the memory; may be called again. In a stopping environment the descriptor stays until the handles
  // are closed; else it is closed at once, which frees the port ID.
  void Close();

  int fd() const { return fd_; }
  bool isOpen() const { return fd_ >= 0 && !closing_; }
  // Bytes that a slot of the scratch must have for it.
  virtual size_t stride() const { return 0; }

 protected:
  explicit Watcher(Environment* environment) : environment_(environment) {}
  virtual ~Watcher() = default;

  // Takes over a descriptor; 0 or a negative errno, and then the descriptor is closed.
  int Open(int fd);
  // Makes it a root for the garbage collector, and `callback` the function to call.
  napi_status Root(napi_value object, napi_value callback, const char* name);
  void SetRef(bool ref);

  // Watches until `Rest`; libuv stops by itself where the descriptor has an error.
  void Watch();
  void Rest();
  // Calls `OnTime` once, after so many milliseconds.
  void Schedule(uint64_t milliseconds);
  // Keeps the process alive as an open handle does, without ever waking up.
  void KeepAlive();
  void Unschedule();

  // Calls the JavaScript function from the event loop.
  void Call(size_t argc, const napi_value* argv);

  virtual void OnReadable(int status) = 0;
  virtual void OnTime() {}

  Environment* const environment_;

 private:
  static void OnPoll(uv_poll_t* handle, int status, int events);
  static void OnTimer(uv_timer_t* handle);
  static void OnClosed(uv_handle_t* handle);
  void CloseDescriptor();
  void DropRoots();
  void Release();

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

#endif
