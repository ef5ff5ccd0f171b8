#include "scratch.h"

#include <sys/mman.h>

#include <algorithm>
#include <cerrno>

#include "slab.h"

namespace rxnetlink {

// 64 slots of 1 MiB; 16 if the address space has 32 bits.
constexpr size_t kSmallest = size_t{sizeof(void*) == 4 ? 16 : 64} << 20;

bool Scratch::Reserve(size_t datagramSize) {
  const size_t size = std::max(kSmallest, datagramSize);
  if (size <= size_) return true;
  void* memory = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) return false;
  // With huge pages, one touched page would make a whole slot resident.
  madvise(memory, size, MADV_NOHUGEPAGE);
  Release();
  memory_ = static_cast<uint8_t*>(memory);
  size_ = size;
  return true;
}

void Scratch::Release() {
  if (memory_ != nullptr) munmap(memory_, size_);
  memory_ = nullptr;
  size_ = 0;
  Clear(1);
}

void Scratch::Clear(size_t stride) {
  stride_ = stride;
  count_ = 0;
  bytes_ = 0;
}

unsigned Scratch::room() const { return static_cast<unsigned>(std::min<size_t>(kSlots, size_ / stride_)) - count_; }

int Scratch::Receive(int fd, unsigned slots, size_t datagramSize) {
  for (unsigned index = count_; index < count_ + slots; index++) {
    senders_[index] = sockaddr_nl{};
    vectors_[index] = {memory_ + index * stride_, datagramSize};
    headers_[index] = mmsghdr{};
    msghdr& header = headers_[index].msg_hdr;
    header.msg_name = &senders_[index];
    header.msg_namelen = sizeof(senders_[index]);
    header.msg_iov = &vectors_[index];
    header.msg_iovlen = 1;
    header.msg_control = controls_[index];
    header.msg_controllen = sizeof(controls_[index]);
  }
  int received;
  do {
    received = recvmmsg(fd, headers_ + count_, slots, MSG_DONTWAIT | MSG_TRUNC, nullptr);
  } while (received < 0 && errno == EINTR);
  largest_ = 0;
  for (int left = received; left > 0; left--) {
    const size_t length = AlignLength(this->received(count_++).kept);
    bytes_ += length;
    largest_ = std::max(largest_, length);
  }
  return received;
}

Scratch::Received Scratch::received(unsigned index) {
  const iovec& vector = vectors_[index];
  const uint32_t length = headers_[index].msg_len;
  const auto kept = static_cast<uint32_t>(std::min<size_t>(length, vector.iov_len));
  return {static_cast<const uint8_t*>(vector.iov_base), kept, length, &senders_[index], &headers_[index].msg_hdr};
}

}  // namespace rxnetlink
