#pragma once

#include <uv.h>

#include "scratch.h"

namespace rxnetlink {

class Environment;

// Reading ahead: a thread of the pool reads for one socket, the borrower, while JavaScript processes earlier datagrams.
//
// Each environment has one, with a scratch of its own. While the work is out, only the thread may use the scratch and
// read from the descriptor of the borrower; `OnAhead` or `Recall` returns both. libuv holds cancelled work until its
// callback has run: until then no socket borrows it, and no memory is freed.
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
  ~Ahead() { uv_sem_destroy(&ended_); }

  // True if no work is out.
  bool isFree() const { return free_; }
  // Returns the empty scratch with slots of that size; null while work is out, or if there is no memory.
  Scratch* EmptyScratch(size_t datagramSize);
  // Starts one read of so many datagrams of that size from a descriptor into the scratch.
  void Start(Borrower* borrower, int fd, unsigned slots, size_t datagramSize);

  // Cancels the work if it has not begun. Returns true if the read does not take place.
  bool Cancel();
  // Cancels the work, or waits for its end if it has begun (at most the duration of one read). Returns true if the read
  // took place.
  bool Recall();

  // The datagrams of the read, after `OnAhead` or after a `Recall` that returned true.
  Scratch& scratch() { return scratch_; }
  // The errno of the read; 0 if it received datagrams.
  int error() const { return error_; }

 private:
  static void Read(uv_work_t* work);
  static void OnReturned(uv_work_t* work, int status);

  Environment* const environment_;
  Borrower* borrower_ = nullptr;
  bool free_ = true;
  uv_work_t work_{};
  uv_sem_t ended_;
  Scratch scratch_;
  int fd_ = -1;
  unsigned slots_ = 0;
  size_t datagramSize_ = 0;
  int error_ = 0;
};

}  // namespace rxnetlink
