#pragma once

#include <linux/filter.h>
#include <napi.h>

#include "../receive/ahead.h"
#include "opening.h"
#include "../receive/reader.h"
#include "../receive/slab-queue.h"
#include "../watcher.h"

namespace rxnetlink {

// A netlink socket; it delivers received datagrams to JavaScript, one slab for each wake-up.
class Socket final : public Watcher, private Ahead::Borrower {
 public:
  // Socket(datagramSize)
  explicit Socket(const Napi::CallbackInfo& info);

  // Opens and binds the socket; it does not read yet. `step` of the result is null on success.
  Opened Open(int protocol, uint32_t portId, int netns);
  // Starts to read, and calls `receive` with every slab.
  bool Start(napi_value object, napi_value receive);

  // Sends one datagram. Returns 0 or a negative errno.
  int Send(const void* bytes, size_t length, uint32_t portId, uint32_t groups);
  // Reads once in this turn: the expected datagrams, and one more to find the end of the queue. The slab is built in
  // the room if it fits. Returns false if nothing was queued.
  bool ReadInline(unsigned expected, SlabRoom* room, napi_value* slab);
  // Lets epoll report datagrams again in a turn with many such reads.
  void WatchAgain();
  // Reads the datagrams that the event loop would read next. Returns false if nothing was queued.
  bool ReadNow(napi_value* slab);
  // Reads datagrams, and waits for them if none is queued; only before `Start`. Waits at most so many milliseconds,
  // forever if negative.
  // Returns 1, 0 when the time is up, or a negative errno.
  int Wait(int timeout, napi_value* slab);

  // Sets an option of any level. Returns 0 or a negative errno.
  int SetOption(int level, int option, uint32_t value);
  int SetFilter(const sock_fprog* filter);
  void SetRef(bool ref);
  void Pause();
  void Resume();

  uint32_t portId() const { return portId_; }
  // The number by which `Environment::Find` finds the socket.
  uint32_t number() const { return number_; }
  // True after a read found a loss, until the event loop reports it. A read ahead is not considered.
  bool overrunPending() const { return !isAhead_ && reader_.overrunPending(); }
  // The number of reads that were done ahead.
  uint32_t readsAhead() const { return readsAhead_; }
  size_t stride() const override { return datagramSize_; }

 private:
  ~Socket() override { environment_->Forget(number_); }
  void OnReadable() override;
  void OnTime() override;
  void OnClose() override;
  void OnAhead() override;

  // Delivers the datagrams of a read to JavaScript, and arranges the next read.
  void Deliver(Scratch& scratch, const ReadResult& result);
  // Builds slabs from a read if it changed anything for JavaScript. Returns false if there is no memory.
  bool Collect(Scratch& scratch, const ReadResult& result, napi_value* slab);
  // Arranges the next read: by the watcher, or by the timer after a failure.
  void Continue(bool watch, bool built);
  // Starts a read ahead if the latest reads look like a dump.
  bool StartAhead(const Scratch& scratch, const ReadResult& result);
  // Ends the read ahead at once. Its datagrams wait for the next wake-up.
  void Settle();
  // Builds slabs from the datagrams of a read. The first one goes to the room if it fits, else to `first`, unless that
  // is null; the others wait. Returns false if there is no memory, and notes the loss.
  bool BuildSlabs(Scratch& scratch, const ReadResult& result, napi_value* first, SlabRoom* room = nullptr);
  void DeliverWaiting();
  // True if the event loop must run although the receive queue is empty: epoll does not wake it up then.
  bool hasMoreToDeliver() const { return !waiting_.empty() || drainedPending_ || reader_.overrunPending(); }

  const uint32_t number_;
  const uint32_t datagramSize_;
  Reader reader_;
  SlabQueue waiting_;
  uint32_t portId_ = 0;
  bool started_ = false;
  bool paused_ = false;
  bool ref_ = true;
  // True while the thread reads; the event loop must not read then.
  bool isAhead_ = false;
  unsigned longReads_ = 0;
  // The number of reads right after sending in this turn of the event loop.
  unsigned inlineReads_ = 0;
  uint32_t readsAhead_ = 0;
  // True after a slab without the drained flag: JavaScript must get a slab with that flag.
  bool drainedPending_ = false;
  bool expectsPacketInfo_ = false;
};

}  // namespace rxnetlink
