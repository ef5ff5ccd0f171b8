#include "scratch.h"

#include <sys/mman.h>

#include <algorithm>
#include <cerrno>

#include "slab.h"

namespace rxnetlink {

namespace {

// 64 slots of 1 MiB; less where addresses are short.
constexpr size_t kSmallestHalf = size_t{sizeof(void*) == 4 ? 16 : 64} << 20;

}  // namespace

bool Scratch::Reserve(size_t datagramSize) {
  const size_t half = std::max(kSmallestHalf, datagramSize);
  if (half <= half_) return true;
  void* memory = mmap(nullptr, 2 * half, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) return false;
  // A huge page for each slot touched would make all of it resident.
  madvise(memory, 2 * half, MADV_NOHUGEPAGE);
  Release();
  memory_ = static_cast<uint8_t*>(memory);
  half_ = half;
  return true;
}

void Scratch::Release() {
  Clear();
  if (memory_ != nullptr) munmap(memory_, 2 * half_);
  memory_ = nullptr;
  half_ = 0;
}

void Scratch::Clear() {
  count_ = 0;
  bytes_ = 0;
}

unsigned Scratch::Room(size_t datagramSize, size_t stride) const {
  const size_t slots = std::min<size_t>(kSlots, half_ / stride);
  if (count_ >= slots) return 0;
  const size_t fit = bytes_ >= kSlabBytes ? 0 : (kSlabBytes - bytes_) / AlignLength(datagramSize);
  if (fit == 0) return count_ == 0 ? 1 : 0;
  return static_cast<unsigned>(std::min(fit, slots - count_));
}

int Scratch::Receive(int fd, unsigned slots, size_t datagramSize, size_t stride) {
  for (unsigned index = count_; index < count_ + slots; index++) {
    vectors_[index].iov_base = memory_ + index * stride;
    vectors_[index].iov_len = datagramSize;
    msghdr& header = headers_[index].msg_hdr;
    header.msg_name = &senders_[index];
    header.msg_namelen = sizeof(sockaddr_nl);
    header.msg_iov = &vectors_[index];
    header.msg_iovlen = 1;
    header.msg_control = controls_[index];
    header.msg_controllen = kControlBytes;
    header.msg_flags = 0;
    headers_[index].msg_len = 0;
    senders_[index] = sockaddr_nl{};
  }
  int received;
  do {
    received = recvmmsg(fd, headers_ + count_, slots, MSG_DONTWAIT | MSG_TRUNC, nullptr);
  } while (received < 0 && errno == EINTR);
  for (int left = received; left > 0; left--) {
    const unsigned index = count_++;
    // MSG_TRUNC: a datagram that was cut tells its full length, more than the slot has.
    bytes_ += AlignLength(std::min<size_t>(headers_[index].msg_len, vectors_[index].iov_len));
  }
  return received;
}

Scratch::Received Scratch::received(unsigned index) const {
  const iovec& vector = vectors_[index];
  const uint32_t length = headers_[index].msg_len;
  const auto* bytes = static_cast<const uint8_t*>(vector.iov_base);
  return {bytes, std::min<size_t>(length, vector.iov_len), length, &senders_[index], &headers_[index].msg_hdr};
}

}  // namespace rxnetlink
