#pragma once

#include <node_api.h>

#include <deque>

namespace rxnetlink {

// Slabs that have to wait for a wake-up of their own: a read brought more than one holds, or came when nobody took it.
class SlabQueue {
 public:
  bool empty() const { return slabs_.empty(); }

  // False where there is no memory.
  bool Add(napi_env env, napi_value slab) {
    napi_ref reference = nullptr;
    if (napi_create_reference(env, slab, 1, &reference) != napi_ok) return false;
    slabs_.push_back(reference);
    return true;
  }

  // The first; null where there is none.
  napi_value Take(napi_env env) {
    napi_value slab = nullptr;
    if (empty()) return slab;
    napi_get_reference_value(env, slabs_.front(), &slab);
    napi_delete_reference(env, slabs_.front());
    slabs_.pop_front();
    return slab;
  }

  void Clear(napi_env env) {
    for (napi_ref reference : slabs_) napi_delete_reference(env, reference);
    slabs_.clear();
  }

 private:
  std::deque<napi_ref> slabs_;
};

}  // namespace rxnetlink
