#include "environment.h"

#include <algorithm>
#include <iterator>

#include "watcher.h"

namespace rxnetlink {

// Deno 2.9 frees the handle of an asynchronous hook before it calls the hook, and again when the hook is removed: the
// process ends with a signal. Deno does not wait for an addon's handles when it ends, so a synchronous hook is
// sufficient.
static bool IsNode(napi_env env) {
  const napi_node_version* version = nullptr;
  return napi_get_node_version(env, &version) == napi_ok && version->release[0] == 'n';
}

bool Environment::Create(napi_env env) {
  uv_loop_t* loop = nullptr;
  if (napi_get_uv_event_loop(env, &loop) != napi_ok) return false;
  auto* environment = new Environment(env, loop);
  const auto destroy = [](napi_env, void* data, void*) { delete static_cast<Environment*>(data); };
  if (napi_set_instance_data(env, environment, destroy, nullptr) != napi_ok) return delete environment, false;
  if (!IsNode(env)) return napi_add_env_cleanup_hook(env, Stop, environment) == napi_ok;
  const auto stop = [](napi_async_cleanup_hook_handle, void* data) { Stop(data); };
  return napi_add_async_cleanup_hook(env, stop, environment, &environment->hook_) == napi_ok;
}

Environment* Environment::Of(napi_env env) {
  void* data = nullptr;
  return napi_get_instance_data(env, &data) == napi_ok ? static_cast<Environment*>(data) : nullptr;
}

uint32_t Environment::Number(Socket* socket) {
  while (firstFree_ < sockets_.size() && sockets_[firstFree_] != nullptr) firstFree_++;
  if (firstFree_ == sockets_.size()) sockets_.push_back(nullptr);
  sockets_[firstFree_] = socket;
  return firstFree_;
}

void Environment::Forget(uint32_t number) {
  sockets_[number] = nullptr;
  firstFree_ = std::min(firstFree_, number);
}

void Environment::Add(Watcher* watcher) {
  watchers_.push_back(watcher);
  UpdateStride();
}

void Environment::Remove(Watcher* watcher) {
  // Searches from the end: a watcher that closes is most often one that was opened recently.
  const auto found = std::find(watchers_.rbegin(), watchers_.rend(), watcher);
  if (found != watchers_.rend()) watchers_.erase(std::next(found).base());
  UpdateStride();
}

void Environment::UpdateStride() {
  stride_ = 1;
  for (const Watcher* watcher : watchers_) stride_ = std::max(stride_, watcher->stride());
}

void Environment::Stop(void* data) {
  auto* environment = static_cast<Environment*>(data);
  environment->stopping_ = true;
  // `Close` does not change the list; the close callbacks remove the watchers.
  for (Watcher* watcher : environment->watchers_) watcher->Close();
  // A socket that closes has taken its read back.
  environment->ahead_.Close();
  environment->EndWhenIdle();
}

void Environment::EndWhenIdle() {
  if (hook_ == nullptr || !stopping_ || !watchers_.empty() || !ahead_.isClosed()) return;
  napi_remove_async_cleanup_hook(hook_);
}

}  // namespace rxnetlink
