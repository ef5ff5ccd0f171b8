#pragma once

#include <uv.h>

#include "scratch.h"

namespace rxnetlink {

class Environment;

// Reading ahead: a thread of the pool reads for one socket, its borrower, while JavaScript works on what came before.
//
// One for each environment, with a scratch of its own. While it is out, the scratch and whatever is read from the
// borrower's descriptor are the thread's; they come back with `OnAhead` or with `Recall`. What is recalled libuv still
// holds until it has said so: nobody borrows before, and nothing is freed.
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

  // True where nothing of it is out.
  bool isFree() const { return free_; }
  // The scratch, empty, with slots of that size; null while it is out, and where there is no memory.
  Scratch* EmptyScratch(size_t datagramSize);
  // Has the scratch read into, from a descriptor, once, so many datagrams of that size.
  void Start(Borrower* borrower, int fd, unsigned slots, size_t datagramSize);

  // Takes the work back, where it has not begun; all is then as if it had not been started.
  bool Cancel();
  // Takes it back, or waits for its end where it has begun: no longer than a read takes. True where it has been done.
  bool Recall();

  // What there is after `OnAhead`, or after a `Recall` that says so.
  Scratch& scratch() { return scratch_; }
  // Errno of the read, 0 where it brought datagrams.
  int error() const { return error_; }
  // It brought as many as were asked for: there may be more.
  bool isFull() const { return scratch_.count() == slots_; }

 private:
  static void Read(uv_work_t* work);
  static void OnBack(uv_work_t* work, int status);

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
