#include "socket.h"

#include <linux/netlink.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>

#include "socket-options.h"

namespace rxnetlink {

namespace {

// Slots begin on boundaries that suit the processor's caches.
constexpr size_t kSlotAlignment = 64;

// Room for a header at least.
constexpr uint32_t kSmallestDatagram = 16;

// Until a socket that only reports errors is read again.
constexpr uint64_t kRetryMilliseconds = 100;

}  // namespace

Socket::Socket(const Napi::CallbackInfo& info)
    : Watcher(Environment::Of(info.Env())),
      datagramSize_(std::max(info[0].As<Napi::Number>().Uint32Value(), kSmallestDatagram)),
      reader_(datagramSize_) {}

size_t Socket::stride() const { return (datagramSize_ + kSlotAlignment - 1) & ~(kSlotAlignment - 1); }

Opened Socket::Open(int protocol, uint32_t portId, const NetworkNamespace& where) {
  if (!environment_->scratch().Reserve(stride())) return {-1, 0, "memory", ENOMEM};
  Opened opened = OpenNetlink(protocol, portId, where);
  if (opened.step != nullptr) return opened;
  const int error = Watcher::Open(opened.fd);
  if (error != 0) return {-1, 0, "watch", -error};
  reader_.SetDescriptor(opened.fd);
  portId_ = opened.portId;
  return opened;
}

napi_status Socket::Start(napi_value object, napi_value receive) {
  if (!isOpen() || started_) return napi_invalid_arg;
  const napi_status status = Root(object, receive, "NETLINKSOCKET");
  if (status != napi_ok) return status;
  started_ = true;
  Watch();
  return napi_ok;
}

int Socket::Send(const void* bytes, size_t length, uint32_t portId, uint32_t groups) {
  if (!isOpen()) return -EBADF;
  sockaddr_nl address{};
  address.nl_family = AF_NETLINK;
  address.nl_pid = portId;
  address.nl_groups = groups;
  ssize_t sent;
  do {
    sent = sendto(fd(), bytes, length, MSG_DONTWAIT, reinterpret_cast<const sockaddr*>(&address), sizeof(address));
  } while (sent < 0 && errno == EINTR);
  return sent < 0 ? -errno : 0;
}

bool Socket::ReadInline(unsigned expected, napi_value* slab) {
  // What is queued before a gap belongs to the loop, which finds the gap.
  if (expected == 0 || paused_ || !started_ || !isOpen() || reader_.lossPending()) return false;
  Scratch& scratch = environment_->scratch();
  const ReadResult result = reader_.ReadOnce(scratch, environment_->stride(), expected + 1);
  // Nothing but the loop may tell a loss, and it may never wake up by itself: the error was taken off the socket.
  if (reader_.lossPending()) Schedule(0);
  if (scratch.count() == 0) return false;
  owesDrained_ = !result.drained;
  if (owesDrained_) Schedule(0);
  if (BuildSlab(environment_->env(), scratch, result, expectsPacketInfo_, slab) == napi_ok) return true;
  reader_.NoteLoss();
  Schedule(0);
  return false;
}

int Socket::SetOption(int option, uint32_t value) {
  if (!isOpen()) return -EBADF;
  const int result = SetNetlinkOption(fd(), option, value);
  if (result == 0 && option == NETLINK_NO_ENOBUFS) reader_.SetCountsDrops(value != 0);
  if (result == 0 && option == NETLINK_PKTINFO) expectsPacketInfo_ = value != 0;
  return result;
}

void Socket::Pause() {
  if (!isOpen() || paused_) return;
  paused_ = true;
  Rest();
  KeepAlive();
}

void Socket::Resume() {
  if (!isOpen() || !paused_) return;
  paused_ = false;
  Unschedule();
  if (!started_) return;
  Watch();
  // What is owed may concern a queue that is empty, and then nothing else wakes the loop up.
  if (reader_.lossPending() || owesDrained_) Schedule(0);
}

void Socket::OnReadable(int) {
  // UV_EBADF is what libuv makes of a socket that reports an error, an overrun above all, and it has stopped watching.
  // The reader finds the error itself.
  ReadAndDeliver();
}

void Socket::OnTime() {
  if (paused_) KeepAlive();
  else ReadAndDeliver();
}

void Socket::ReadAndDeliver() {
  const ReadResult result = reader_.Read(environment_->scratch(), environment_->stride());
  if (reader_.stalled()) Rest();
  else Watch();
  if (reader_.stalled() && !reader_.dead()) Schedule(kRetryMilliseconds);
  if (environment_->scratch().count() > 0 || result.lost || (result.drained && owesDrained_)) Deliver(result);
}

void Socket::Deliver(const ReadResult& result) {
  const napi_env env = environment_->env();
  napi_handle_scope scope = nullptr;
  if (napi_open_handle_scope(env, &scope) != napi_ok) return;
  napi_value slab = nullptr;
  owesDrained_ = !result.drained;
  if (BuildSlab(env, environment_->scratch(), result, expectsPacketInfo_, &slab) == napi_ok) {
    Call(1, &slab);
  } else if (!environment_->stopping()) {
    reader_.NoteLoss();
    Schedule(kRetryMilliseconds);
  }
  napi_close_handle_scope(env, scope);
}

}  // namespace rxnetlink
