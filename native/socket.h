#pragma once

#include <napi.h>

#include "opening.h"
#include "reader.h"
#include "slab-queue.h"
#include "watcher.h"

namespace rxnetlink {

// One netlink socket: what it receives goes to JavaScript, one slab a wake-up.
class Socket final : public Watcher {
 public:
  // Socket(datagramSize)
  explicit Socket(const Napi::CallbackInfo& info);

  // Opens and binds it; nothing is read yet. `step` of the result is null where all went well.
  Opened Open(int protocol, uint32_t portId, int netns);
  // Begins to read, and calls `receive` with every slab.
  bool Start(napi_value object, napi_value receive);

  // Sends one datagram; 0 or a negative errno.
  int Send(const void* bytes, size_t length, uint32_t portId, uint32_t groups);
  // Reads once, in this turn: the datagrams expected, and whether that is all. False where nothing was there.
  bool ReadInline(unsigned expected, napi_value* slab);
  // Waits until something is there and reads it; only where `Start` was not called. So many milliseconds at most, for
  // ever where that is negative. 1, 0 when the time was up, or a negative errno.
  int Wait(int timeout, napi_value* slab);

  // Sets an option of any level; 0 or a negative errno.
  int SetOption(int level, int option, uint32_t value);
  void Pause();
  void Resume();

  uint32_t portId() const { return portId_; }
  size_t stride() const override { return datagramSize_; }

 private:
  ~Socket() override = default;
  void OnReadable() override;
  void OnTime() override;
  void OnClose() override { waiting_.Clear(environment_->env()); }

  // Makes the datagrams of a read into slabs: the first, and those that have to wait. False where memory ran out, which
  // is a loss.
  bool BuildSlabs(Scratch& scratch, const ReadResult& result, napi_value* first);
  void TellWaiting();
  // Only the loop tells of these, and a queue that is empty by now does not wake it up.
  bool hasMoreToTell() const { return !waiting_.empty() || owesDrained_ || reader_.lossPending(); }

  const uint32_t datagramSize_;
  Reader reader_;
  SlabQueue waiting_;
  uint32_t portId_ = 0;
  bool started_ = false;
  bool paused_ = false;
  // JavaScript was told that there is more to read, and not yet that there is not.
  bool owesDrained_ = false;
  bool expectsPacketInfo_ = false;
};

}  // namespace rxnetlink
