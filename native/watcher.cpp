#include "watcher.h"

#include <unistd.h>

namespace rxnetlink {

namespace {

constexpr uint64_t kNever = UINT64_MAX;

// Hands an exception that nobody caught to the process, as Node does for its own callbacks.
void ReportException(napi_env env) {
  bool pending = false;
  if (napi_is_exception_pending(env, &pending) != napi_ok || !pending) return;
  napi_value exception = nullptr;
  if (napi_get_and_clear_last_exception(env, &exception) != napi_ok) return;
  // Does nothing where the environment may not run JavaScript any more.
  napi_fatal_exception(env, exception);
}

}  // namespace

int Watcher::Open(int fd) {
  fd_ = fd;
  int error = uv_timer_init(environment_->loop(), &timer_);
  if (error == 0) {
    timer_.data = this;
    handles_++;
    error = uv_poll_init(environment_->loop(), &poll_, fd);
    if (error == 0) {
      poll_.data = this;
      handles_++;
    }
  }
  if (handles_ > 0) {
    shares_++;
    environment_->Add(this);
  }
  if (error != 0) Close();
  return error;
}

void Watcher::Disown() {
  Close();
  Release();
}

void Watcher::Close() {
  if (closing_) return;
  closing_ = true;
  DropRoots();
  if (handles_ > 1) uv_close(reinterpret_cast<uv_handle_t*>(&poll_), OnClosed);
  if (handles_ > 0) uv_close(reinterpret_cast<uv_handle_t*>(&timer_), OnClosed);
  // libuv has forgotten the descriptor by now, also what it had been told of it in this turn.
  if (handles_ == 0 || !environment_->stopping()) CloseDescriptor();
}

void Watcher::OnClosed(uv_handle_t* handle) {
  auto* watcher = static_cast<Watcher*>(handle->data);
  if (--watcher->handles_ > 0) return;
  watcher->CloseDescriptor();
  watcher->environment_->Remove(watcher);
  watcher->Release();
}

void Watcher::CloseDescriptor() {
  if (fd_ >= 0) close(fd_);
  fd_ = -1;
}

void Watcher::Release() {
  if (--shares_ == 0) delete this;
}

napi_status Watcher::Root(napi_value object, napi_value callback, const char* name) {
  const napi_env env = environment_->env();
  napi_value resource = nullptr;
  napi_status status = napi_create_string_utf8(env, name, NAPI_AUTO_LENGTH, &resource);
  if (status == napi_ok) status = napi_async_init(env, object, resource, &context_);
  if (status == napi_ok) status = napi_create_reference(env, object, 1, &object_);
  if (status == napi_ok) status = napi_create_reference(env, callback, 1, &callback_);
  if (status != napi_ok) DropRoots();
  return status;
}

void Watcher::DropRoots() {
  const napi_env env = environment_->env();
  if (callback_ != nullptr) napi_delete_reference(env, callback_);
  if (object_ != nullptr) napi_delete_reference(env, object_);
  if (context_ != nullptr) napi_async_destroy(env, context_);
  callback_ = nullptr;
  object_ = nullptr;
  context_ = nullptr;
}

void Watcher::SetRef(bool ref) {
  if (!isOpen()) return;
  for (auto* handle : {reinterpret_cast<uv_handle_t*>(&poll_), reinterpret_cast<uv_handle_t*>(&timer_)}) {
    if (ref) uv_ref(handle);
    else uv_unref(handle);
  }
}

void Watcher::Watch() {
  // Starting again what runs would take the descriptor out of epoll and put it back.
  if (uv_is_active(reinterpret_cast<uv_handle_t*>(&poll_)) == 0) uv_poll_start(&poll_, UV_READABLE, OnPoll);
}

void Watcher::Rest() { uv_poll_stop(&poll_); }

void Watcher::Schedule(uint64_t milliseconds) { uv_timer_start(&timer_, OnTimer, milliseconds, 0); }

void Watcher::KeepAlive() { Schedule(kNever); }

void Watcher::Unschedule() { uv_timer_stop(&timer_); }

void Watcher::OnPoll(uv_poll_t* handle, int status, int) {
  auto* watcher = static_cast<Watcher*>(handle->data);
  if (watcher->isOpen()) watcher->OnReadable(status);
}

void Watcher::OnTimer(uv_timer_t* handle) {
  auto* watcher = static_cast<Watcher*>(handle->data);
  if (watcher->isOpen()) watcher->OnTime();
}

void Watcher::Call(size_t argc, const napi_value* argv) {
  const napi_env env = environment_->env();
  napi_value object = nullptr;
  napi_value callback = nullptr;
  if (napi_get_reference_value(env, object_, &object) != napi_ok || object == nullptr) return;
  if (napi_get_reference_value(env, callback_, &callback) != napi_ok || callback == nullptr) return;
  napi_value result = nullptr;
  if (napi_make_callback(env, context_, object, callback, argc, argv, &result) == napi_ok) return;
  // Nobody can hear of it while the environment stops.
  if (!environment_->stopping()) ReportException(env);
}

}  // namespace rxnetlink
