#pragma once

#include <napi.h>

#include "watcher.h"

namespace rxnetlink {

// Waits for the end of any process; does not keep its own process alive.
class ProcessWatch final : public Watcher {
 public:
  explicit ProcessWatch(const Napi::CallbackInfo& info) : Watcher(Environment::Of(info.Env())) {}

  // Returns 0 or a negative errno.
  int Start(int processId, napi_value object, napi_value callback);

 private:
  ~ProcessWatch() override = default;
  void OnReadable() override;
};

}  // namespace rxnetlink
