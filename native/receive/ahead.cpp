#include "ahead.h"

#include <cerrno>

#include "../environment.h"
#include "../thread.h"

namespace rxnetlink {

Ahead::Ahead(Environment* environment) : environment_(environment) {
  uv_sem_init(&wanted_, 0);
  uv_sem_init(&ended_, 0);
}

Ahead::~Ahead() {
  uv_sem_destroy(&wanted_);
  uv_sem_destroy(&ended_);
}

Scratch* Ahead::EmptyScratch(size_t datagramSize) {
  if (!isFree() || !scratch_.Reserve(datagramSize)) return nullptr;
  scratch_.Clear(datagramSize);
  return &scratch_;
}

bool Ahead::Begin() {
  if (returned_ != nullptr) return true;
  if (StartThread(&thread_, Run, this) != 0) return false;
  auto* handle = new uv_async_t;
  if (uv_async_init(environment_->loop(), handle, OnReturned) != 0) {
    delete handle;
    EndThread();
    return false;
  }
  handle->data = this;
  uv_unref(reinterpret_cast<uv_handle_t*>(handle));
  pthread_setname_np(thread_, "rxnetlink");
  returned_ = handle;
  return true;
}

void Ahead::EndThread() {
  ending_ = true;
  uv_sem_post(&wanted_);
  pthread_join(thread_, nullptr);
  ending_ = false;
}

void Ahead::Start(Borrower* borrower, int fd, unsigned slots, size_t datagramSize) {
  if (!Begin()) return;
  borrower_ = borrower;
  fd_ = fd;
  slots_ = slots;
  datagramSize_ = datagramSize;
  state_ = State::kWanted;
  // The read keeps the loop alive.
  uv_ref(reinterpret_cast<uv_handle_t*>(returned_));
  uv_sem_post(&wanted_);
}

void* Ahead::Run(void* data) {
  auto* ahead = static_cast<Ahead*>(data);
  for (;;) {
    uv_sem_wait(&ahead->wanted_);
    if (ahead->ending_) return nullptr;
    // A read that was cancelled has left its post.
    State wanted = State::kWanted;
    if (!ahead->state_.compare_exchange_strong(wanted, State::kBegun)) continue;
    ahead->error_ = ahead->scratch_.Receive(ahead->fd_, ahead->slots_, ahead->datagramSize_) < 0 ? errno : 0;
    ahead->state_ = State::kEnded;
    uv_sem_post(&ahead->ended_);
    uv_async_send(ahead->returned_);
  }
}

bool Ahead::Cancel() {
  State wanted = State::kWanted;
  if (!state_.compare_exchange_strong(wanted, State::kFree)) return false;
  Release();
  return true;
}

bool Ahead::Recall() {
  if (Cancel()) return false;
  uv_sem_wait(&ended_);
  Release();
  return true;
}

void Ahead::Release() {
  borrower_ = nullptr;
  state_ = State::kFree;
  uv_unref(reinterpret_cast<uv_handle_t*>(returned_));
}

// It is also called for a read that was recalled.
void Ahead::OnReturned(uv_async_t* handle) {
  auto* ahead = static_cast<Ahead*>(handle->data);
  if (ahead->state_ != State::kEnded) return;
  uv_sem_wait(&ahead->ended_);
  Borrower* borrower = ahead->borrower_;
  ahead->Release();
  borrower->OnAhead();
}

void Ahead::Close() {
  if (returned_ == nullptr) return;
  EndThread();
  // Where the environment does not wait, it is gone when the callback runs.
  if (!environment_->waits()) returned_->data = nullptr;
  uv_close(reinterpret_cast<uv_handle_t*>(returned_), OnClosed);
}

void Ahead::OnClosed(uv_handle_t* handle) {
  auto* ahead = static_cast<Ahead*>(handle->data);
  delete reinterpret_cast<uv_async_t*>(handle);
  if (ahead == nullptr) return;
  ahead->returned_ = nullptr;
  ahead->environment_->OnAheadClosed();
}

}  // namespace rxnetlink
