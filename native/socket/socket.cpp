#include "socket.h"

#include <linux/netlink.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace rxnetlink {

// Slots are aligned to cache lines.
constexpr uint32_t kSlotAlignment = 64;

// Two reads in a row that left datagrams of this size in the queue indicate a dump: reading ahead is faster then. It is
// slower for a storm of small events.
constexpr unsigned kLongReads = 2;
constexpr size_t kLargeDatagram = 4096;

// After so many reads in one turn, right after sending, the socket leaves epoll until the timer reads: its callback for
// each datagram that arrives takes 3 % of a request.
constexpr unsigned kManyReads = 4;

// The delay before a socket that only reports errors is read again.
constexpr uint64_t kRetryMilliseconds = 100;

namespace {

// Returns true for most dumps, by the first message: the bits of NLM_F_DUMP have other meanings in requests that write, of
// which few set both without NLM_F_CREATE.
bool IsDump(const void* bytes, size_t length) {
  nlmsghdr header;
  if (length < sizeof(header)) return false;
  memcpy(&header, bytes, sizeof(header));
  return (header.nlmsg_flags & (NLM_F_DUMP | NLM_F_CREATE)) == NLM_F_DUMP;
}

}  // namespace

Socket::Socket(const Napi::CallbackInfo& info)
    : Watcher(Environment::Of(info.Env())),
      number_(environment_->Number(this)),
      datagramSize_((info[0].As<Napi::Number>().Uint32Value() + kSlotAlignment - 1) & ~(kSlotAlignment - 1)),
      reader_(datagramSize_) {}

Opened Socket::Open(int protocol, uint32_t portId, int netns) {
  if (!isNew()) return {-1, 0, "socket", EISCONN};
  if (datagramSize_ == 0 || !environment_->Reserve(datagramSize_)) return {-1, 0, "memory", ENOMEM};
  Opened opened = OpenNetlink(protocol, portId, netns);
  if (opened.step != nullptr) return opened;
  const int error = Watcher::Open(opened.fd);
  if (error != 0) return {-1, 0, "watch", -error};
  reader_.SetDescriptor(opened.fd);
  portId_ = opened.portId;
  return opened;
}

bool Socket::Start(napi_value object, napi_value receive) {
  if (!isOpen() || started_ || !Root(object, receive, "NETLINKSOCKET")) return false;
  started_ = true;
  if (!paused_) Watch();
  return true;
}

int Socket::Send(const void* bytes, size_t length, uint32_t portId, uint32_t groups) {
  if (IsDump(bytes, length)) reader_.ExpectDump();
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

bool Socket::ReadInline(unsigned expected, SlabRoom* room, napi_value* slab) {
  // The next read reads the datagrams before a gap, because it reports the gap after them.
  if (expected == 0 || paused_ || !isOpen() || reader_.overrunPending()) return false;
  // Earlier datagrams wait for delivery, or the thread reads them: a later one must not overtake them.
  if (isAhead_ || !waiting_.empty()) return false;
  Scratch& scratch = environment_->EmptyScratch();
  const ReadResult result = reader_.ReadOnce(scratch, std::min(expected, Scratch::kSlots) + 1);
  if (scratch.count() > 0) {
    BuildSlabs(scratch, result, slab, room);
    // This read does not find the end of the queue reliably; the next one does.
    drainedPending_ = true;
  }
  if (started_ && hasMoreToDeliver()) {
    Schedule(0);
    if (++inlineReads_ == kManyReads) Unwatch();
  }
  // The answer is late: epoll reports it.
  if (scratch.count() == 0) WatchAgain();
  return *slab != nullptr || room->used > 0;
}

bool Socket::ReadNow(napi_value* slab) {
  if (paused_ || !started_ || !isOpen()) return false;
  Settle();
  if (!waiting_.empty()) {
    *slab = waiting_.Take(environment_->env());
    // The receive queue may hold more datagrams after the last slab.
    Schedule(0);
    return *slab != nullptr;
  }
  Scratch& scratch = environment_->EmptyScratch();
  const ReadResult result = reader_.Read(scratch);
  const bool built = Collect(scratch, result, slab);
  Continue(!reader_.stalled(), built);
  return *slab != nullptr;
}

int Socket::SetOption(int level, int option, uint32_t value) {
  Settle();
  if (setsockopt(fd(), level, option, &value, sizeof(value)) != 0) return -errno;
  if (level == SOL_NETLINK && option == NETLINK_NO_ENOBUFS) reader_.SetCountsDrops(value != 0);
  if (level == SOL_NETLINK && option == NETLINK_PKTINFO) expectsPacketInfo_ = value != 0;
  return 0;
}

int Socket::SetFilter(const sock_fprog* filter) {
  Settle();
  const int unused = 0;
  const int result = filter == nullptr ? setsockopt(fd(), SOL_SOCKET, SO_DETACH_FILTER, &unused, sizeof(unused))
                                       : setsockopt(fd(), SOL_SOCKET, SO_ATTACH_FILTER, filter, sizeof(*filter));
  return result == 0 ? 0 : -errno;
}

void Socket::SetRef(bool ref) {
  // A read ahead keeps the process alive.
  if (!ref) Settle();
  ref_ = ref;
  Watcher::SetRef(ref);
}

void Socket::Pause() {
  if (!isOpen() || paused_) return;
  Settle();
  paused_ = true;
  Unwatch();
  Schedule(kNever);
}

void Socket::Resume() {
  if (!isOpen() || !paused_) return;
  paused_ = false;
  Unschedule();
  if (!started_) return;
  Watch();
  if (hasMoreToDeliver()) Schedule(0);
}

void Socket::OnTime() {
  if (!paused_) OnReadable();
}

void Socket::OnClose() {
  if (isAhead_) environment_->ahead().Recall();
  isAhead_ = false;
  waiting_.Clear(environment_->env());
}

void Socket::WatchAgain() {
  if (inlineReads_ >= kManyReads && isOpen() && !paused_ && !isAhead_) Watch();
  inlineReads_ = 0;
}

void Socket::OnReadable() {
  if (isAhead_) return;
  if (!waiting_.empty()) return DeliverWaiting();
  Scratch& scratch = environment_->EmptyScratch();
  Deliver(scratch, reader_.Read(scratch));
}

void Socket::OnAhead() {
  Ahead& ahead = environment_->ahead();
  isAhead_ = false;
  readsAhead_++;
  reader_.TakeOver(ahead.scratch(), ahead.error());
  // After a short read the end of the queue is found here, after everything that JavaScript has sent so far.
  // After a full read, this reads what the wake-up may still read, or looks whether the queue is empty: epoll does not
  // report an empty one.
  Deliver(ahead.scratch(), reader_.Read(ahead.scratch()));
}

void Socket::Deliver(Scratch& scratch, const ReadResult& result) {
  const HandleScope scope(environment_->env());
  napi_value slab = nullptr;
  const bool built = Collect(scratch, result, &slab);
  Continue(!StartAhead(scratch, result) && !reader_.stalled(), built);
  if (slab != nullptr) {
    const uint64_t began = uv_hrtime();
    Call(1, &slab);
    if (!result.drained) reader_.NoteDuration(uv_hrtime() - began);
  }
  // A read that has not begun means that the processors are busy: the event loop reads instead.
  if (!isAhead_ || !environment_->ahead().Cancel()) return;
  isAhead_ = false;
  Watch();
}

bool Socket::Collect(Scratch& scratch, const ReadResult& result, napi_value* slab) {
  const bool isNeeded = scratch.count() > 0 || result.lost || (result.drained && drainedPending_);
  if (!isNeeded) return true;
  drainedPending_ = !result.drained;
  return BuildSlabs(scratch, result, slab);
}

void Socket::Continue(bool watch, bool built) {
  inlineReads_ = 0;
  if (watch)
    Watch();
  else if (isWatching())
    Unwatch();
  if ((reader_.stalled() && !reader_.dead()) || !built) Schedule(kRetryMilliseconds);
  if (!waiting_.empty()) Schedule(0);
}

bool Socket::StartAhead(const Scratch& scratch, const ReadResult& result) {
  const bool isLong = !result.drained && scratch.bytes() > scratch.count() * kLargeDatagram;
  longReads_ = isLong ? longReads_ + 1 : 0;
  if (longReads_ < kLongReads || !ref_ || reader_.overrunPending() || !waiting_.empty()) return false;
  Ahead& ahead = environment_->ahead();
  const Scratch* next = ahead.EmptyScratch(datagramSize_);
  if (next == nullptr) return false;
  ahead.Start(this, fd(), reader_.Wanted(*next), datagramSize_);
  isAhead_ = !ahead.isFree();
  return isAhead_;
}

void Socket::Settle() {
  if (!isAhead_) return;
  isAhead_ = false;
  Ahead& ahead = environment_->ahead();
  if (ahead.Recall()) {
    const HandleScope scope(environment_->env());
    readsAhead_++;
    reader_.TakeOver(ahead.scratch(), ahead.error());
    if (ahead.scratch().count() > 0) BuildSlabs(ahead.scratch(), {}, nullptr);
  }
  Watch();
  Schedule(0);
}

void Socket::DeliverWaiting() {
  const HandleScope scope(environment_->env());
  napi_value slab = waiting_.Take(environment_->env());
  // The receive queue may hold more datagrams after the last slab, and epoll does not report them again.
  Schedule(0);
  if (slab != nullptr) Call(1, &slab);
}

bool Socket::BuildSlabs(Scratch& scratch, const ReadResult& result, napi_value* first, SlabRoom* room) {
  const napi_env env = environment_->env();
  unsigned next = 0;
  bool built = true;
  do {
    napi_value slab = nullptr;
    built = BuildSlab(env, scratch, result, expectsPacketInfo_, &next, room, &slab) == napi_ok;
    if (built && first != nullptr) {
      // Null if the slab is in the room.
      *first = slab;
      first = nullptr;
    } else if (built) {
      built = waiting_.Add(env, slab);
    }
    room = nullptr;
  } while (built && next < scratch.count());
  if (!built) reader_.NoteLoss();
  return built;
}

}  // namespace rxnetlink
