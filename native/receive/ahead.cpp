#include "ahead.h"

#include <cerrno>

#include "../environment.h"

// Deno 2.9 does not have uv_cancel: a strong reference would prevent the addon from loading there.
#pragma weak uv_cancel

namespace rxnetlink {

Ahead::Ahead(Environment* environment) : environment_(environment) {
  work_.data = this;
  uv_sem_init(&ended_, 0);
}

Scratch* Ahead::EmptyScratch(size_t datagramSize) {
  if (!free_ || !scratch_.Reserve(datagramSize)) return nullptr;
  scratch_.Clear(datagramSize);
  return &scratch_;
}

void Ahead::Start(Borrower* borrower, int fd, unsigned slots, size_t datagramSize) {
  borrower_ = borrower;
  fd_ = fd;
  slots_ = slots;
  datagramSize_ = datagramSize;
  free_ = uv_queue_work(environment_->loop(), &work_, Read, OnReturned) != 0;
}

// Runs on a thread of the pool.
void Ahead::Read(uv_work_t* work) {
  auto* ahead = static_cast<Ahead*>(work->data);
  ahead->error_ = ahead->scratch_.Receive(ahead->fd_, ahead->slots_, ahead->datagramSize_) < 0 ? errno : 0;
  uv_sem_post(&ahead->ended_);
}

bool Ahead::Cancel() {
  if (uv_cancel == nullptr || uv_cancel(reinterpret_cast<uv_req_t*>(&work_)) != 0) return false;
  borrower_ = nullptr;
  return true;
}

bool Ahead::Recall() {
  if (Cancel()) return false;
  borrower_ = nullptr;
  uv_sem_wait(&ended_);
  return true;
}

void Ahead::OnReturned(uv_work_t* work, int) {
  auto* ahead = static_cast<Ahead*>(work->data);
  Borrower* borrower = ahead->borrower_;
  ahead->borrower_ = nullptr;
  ahead->free_ = true;
  if (borrower == nullptr) return ahead->environment_->OnAheadReturned();
  uv_sem_wait(&ahead->ended_);
  borrower->OnAhead();
}

}  // namespace rxnetlink
