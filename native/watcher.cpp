#include "watcher.h"

#include <unistd.h>

#include <algorithm>

namespace rxnetlink {

int Watcher::Open(int fd) {
  fd_ = fd;
  // Set after `uv_timer_init`, because Deno clears the handle there.
  int error = uv_timer_init(environment_->loop(), &timer_);
  timer_.data = this;
  if (error == 0) {
    handles_ = 1;
    owners_++;
    environment_->Add(this);
    error = uv_poll_init(environment_->loop(), &poll_, fd);
    poll_.data = this;
  }
  if (error == 0)
    handles_ = 2;
  else
    Close();
  return error;
}

void Watcher::Close() {
  if (closing_) return;
  closing_ = true;
  OnClose();
  DropRoots();
  // uv_close drops the descriptor and the events that epoll has already reported for it in this turn.
  if (handles_ > 1) uv_close(reinterpret_cast<uv_handle_t*>(&poll_), OnClosed);
  if (handles_ > 0) uv_close(reinterpret_cast<uv_handle_t*>(&timer_), OnClosed);
  if (!environment_->stopping()) CloseDescriptor();
}

void Watcher::OnClosed(uv_handle_t* handle) {
  auto* watcher = static_cast<Watcher*>(handle->data);
  if (--watcher->handles_ > 0) return;
  watcher->CloseDescriptor();
  Environment* environment = watcher->environment_;
  environment->Remove(watcher);
  if (--watcher->owners_ == 0) delete watcher;
  environment->EndWhenIdle();
}

void Watcher::Disown() {
  Close();
  if (--owners_ == 0) delete this;
}

void Watcher::CloseDescriptor() {
  if (fd_ >= 0) close(fd_);
  fd_ = -1;
}

bool Watcher::Root(napi_value object, napi_value callback, const char* name) {
  const napi_env env = environment_->env();
  napi_value resource = nullptr;
  if (napi_create_string_utf8(env, name, NAPI_AUTO_LENGTH, &resource) == napi_ok &&
      napi_async_init(env, object, resource, &context_) == napi_ok &&
      napi_create_reference(env, object, 1, &object_) == napi_ok &&
      napi_create_reference(env, callback, 1, &callback_) == napi_ok) {
    return true;
  }
  DropRoots();
  return false;
}

void Watcher::DropRoots() {
  const napi_env env = environment_->env();
  if (callback_ != nullptr) napi_delete_reference(env, callback_);
  if (object_ != nullptr) napi_delete_reference(env, object_);
  if (context_ != nullptr) napi_async_destroy(env, context_);
  callback_ = object_ = nullptr;
  context_ = nullptr;
}

void Watcher::SetRef(bool ref) {
  if (!isOpen()) return;
  const auto apply = ref ? uv_ref : uv_unref;
  apply(reinterpret_cast<uv_handle_t*>(&poll_));
  apply(reinterpret_cast<uv_handle_t*>(&timer_));
}

void Watcher::Watch() {
  // A second uv_poll_start would remove the descriptor from epoll and add it again.
  if (isWatching()) return;
  uv_poll_start(&poll_, UV_READABLE, [](uv_poll_t* handle, int, int) {
    // libuv reports any error of the socket, most often an overrun, as UV_EBADF. The read gets the error itself.
    auto* watcher = static_cast<Watcher*>(handle->data);
    if (watcher->isOpen()) watcher->OnReadable();
  });
}

void Watcher::Schedule(uint64_t milliseconds) {
  const auto onTime = [](uv_timer_t* handle) {
    auto* watcher = static_cast<Watcher*>(handle->data);
    watcher->environment_->SetRunsTimer(true);
    watcher->OnTime();
    watcher->environment_->SetRunsTimer(false);
  };
  // libuv runs timers until none is due, including those started in a callback: 1 ms lets other handles run.
  const uint64_t least = environment_->runsTimer() ? 1 : 0;
  const uint64_t delay = std::max(milliseconds, least);
  // Each request schedules a read, and most are sent in one turn of the event loop. The running timer is due no later.
  if (delay == delay_ && uv_is_active(reinterpret_cast<const uv_handle_t*>(&timer_)) != 0) return;
  delay_ = delay;
  uv_timer_start(&timer_, onTime, delay, 0);
}

void Watcher::Call(size_t argc, const napi_value* argv) {
  const napi_env env = environment_->env();
  napi_value object = nullptr, callback = nullptr, result = nullptr, exception = nullptr;
  if (napi_get_reference_value(env, object_, &object) != napi_ok || object == nullptr) return;
  if (napi_get_reference_value(env, callback_, &callback) != napi_ok || callback == nullptr) return;
  if (napi_make_callback(env, context_, object, callback, argc, argv, &result) == napi_ok) return;
  // The callback threw: Node.js handles the exception as an uncaught one. While the environment stops, Node-API rejects
  // the call.
  bool pending = false;
  if (environment_->stopping() || napi_is_exception_pending(env, &pending) != napi_ok || !pending) return;
  if (napi_get_and_clear_last_exception(env, &exception) == napi_ok) napi_fatal_exception(env, exception);
}

}  // namespace rxnetlink
