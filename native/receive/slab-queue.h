#pragma once

#include <node_api.h>

#include <deque>

namespace rxnetlink {

// Slabs that wait for a wake-up of their own: one read filled several slabs, or it took place outside of a wake-up.
class SlabQueue {
 public:
  bool empty() const { return slabs_.empty(); }

  // Returns false if there is no memory.
  bool Add(napi_env env, napi_value slab) {
    napi_ref reference = nullptr;
    if (napi_create_reference(env, slab, 1, &reference) != napi_ok) return false;
    slabs_.push_back(reference);
    return true;
  }

  // Removes and returns the first slab; null if the queue is empty.
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
