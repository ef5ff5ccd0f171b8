#pragma once

#include <pthread.h>
#include <uv.h>

#include <atomic>

#include "scratch.h"

namespace rxnetlink {

class Environment;

// Reading ahead: a thread reads for one socket, the borrower, while JavaScript processes earlier datagrams.
//
// Each environment has one, with a scratch and a thread of its own: the pool of libuv may be full of other work. The
// thread begins with the first read. While a read is out, only the thread may use the scratch and read from the
// descriptor of the borrower; `OnAhead` or `Recall` returns both.
class Ahead {
 public:
  class Borrower {
   public:
    // The read has ended.
    virtual void OnAhead() = 0;

   protected:
    ~Borrower() = default;
  };

  explicit Ahead(Environment* environment);
  Ahead(const Ahead&) = delete;
  ~Ahead();

  // True if no read is out.
  bool isFree() const { return state_ == State::kFree; }
  // Returns the empty scratch with slots of that size; null while a read is out, or if there is no memory.
  Scratch* EmptyScratch(size_t datagramSize);
  // Starts one read of so many datagrams of that size from a descriptor into the scratch. If no thread can be made, it
  // does nothing: `isFree` is still true.
  void Start(Borrower* borrower, int fd, unsigned slots, size_t datagramSize);

  // Cancels the read if it has not begun. Returns true if it does not take place.
  bool Cancel();
  // Cancels the read, or waits for its end if it has begun (at most the duration of one read). Returns true if it took
  // place.
  bool Recall();

  // Ends the thread; no read may be out. The environment ends after the close callback of the handle.
  void Close();
  // True if the thread and its handle do not exist.
  bool isClosed() const { return returned_ == nullptr; }

  // The datagrams of the read, after `OnAhead` or after a `Recall` that returned true.
  Scratch& scratch() { return scratch_; }
  // The errno of the read; 0 if it received datagrams.
  int error() const { return error_; }

 private:
  // A read is wanted, the thread has begun it, or has ended it.
  enum class State { kFree, kWanted, kBegun, kEnded };

  bool Begin();
  void EndThread();
  void Release();
  static void* Run(void* ahead);
  static void OnReturned(uv_async_t* handle);
  static void OnClosed(uv_handle_t* handle);

  Environment* const environment_;
  Borrower* borrower_ = nullptr;
  std::atomic<State> state_{State::kFree};
  std::atomic<bool> ending_{false};
  pthread_t thread_{};
  // Wakes up the loop after a read. Null without a thread; allocated, because Deno may free this object before it calls
  // back.
  uv_async_t* returned_ = nullptr;
  uv_sem_t wanted_;
  uv_sem_t ended_;
  Scratch scratch_;
  int fd_ = -1;
  unsigned slots_ = 0;
  size_t datagramSize_ = 0;
  int error_ = 0;
};

}  // namespace rxnetlink
