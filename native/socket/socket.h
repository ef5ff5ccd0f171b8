#pragma once

#include <linux/filter.h>
#include <napi.h>

#include "../receive/ahead.h"
#include "opening.h"
#include "../receive/reader.h"
#include "../receive/slab-queue.h"
#include "../watcher.h"

namespace rxnetlink {

// One netlink socket: what it receives goes to JavaScript, one slab a wake-up.
class Socket final : public Watcher, private Ahead::Borrower {
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
  // Reads now what the loop would read next, and leaves the rest to it. False where nothing was there.
  bool ReadNow(napi_value* slab);
  // Waits until something is there and reads it; only where `Start` was not called. So many milliseconds at most, for
  // ever where that is negative. 1, 0 when the time was up, or a negative errno.
  int Wait(int timeout, napi_value* slab);

  // Sets an option of any level; 0 or a negative errno.
  int SetOption(int level, int option, uint32_t value);
  int SetFilter(const sock_fprog* filter);
  void SetRef(bool ref);
  void Pause();
  void Resume();

  uint32_t portId() const { return portId_; }
  // A read has met a loss that the loop is still to tell of. Whoever reads in the thread pool meanwhile is not asked.
  bool lossAhead() const { return !isAhead_ && reader_.lossPending(); }
  // How many reads the thread pool has done for it.
  uint32_t readsAhead() const { return readsAhead_; }
  size_t stride() const override { return datagramSize_; }

 private:
  ~Socket() override = default;
  void OnReadable() override;
  void OnTime() override;
  void OnClose() override;
  void OnAhead() override;

  // Tells what a read has left in a scratch, and sees to the next.
  void Tell(Scratch& scratch, const ReadResult& result);
  // Makes slabs of what a read has left in a scratch, if that is news. False where memory ran out.
  bool Collect(Scratch& scratch, const ReadResult& result, napi_value* slab);
  // Sees to the next read: by the watcher, or by the timer after a failure.
  void Continue(bool watch, bool built);
  // Has the thread pool read on, where that pays.
  bool StartAhead(const Scratch& scratch, const ReadResult& result);
  // Ends reading ahead, at once: from now on nobody else reads. What it has brought waits.
  void Settle();
  // Makes the datagrams of a read into slabs that wait; the first does not, where there is a place for it. False where
  // memory ran out, which is a loss.
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
  bool ref_ = true;
  // The thread pool reads: nobody else may.
  bool isAhead_ = false;
  unsigned longReads_ = 0;
  uint32_t readsAhead_ = 0;
  // JavaScript was told that there is more to read, and not yet that there is not.
  bool owesDrained_ = false;
  bool expectsPacketInfo_ = false;
};

}  // namespace rxnetlink
