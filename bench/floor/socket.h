/* Shared by the C programs: open a socket and receive as the library does, send requests, read a clock. */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define BATCH 64
#define DATAGRAM_SIZE (1u << 20)
#define CONTROL_SIZE 128

static int fd;
static unsigned char *scratch;
static struct mmsghdr messages[BATCH];
static struct iovec vectors[BATCH];
static struct sockaddr_nl names[BATCH];
static unsigned char controls[BATCH][CONTROL_SIZE];

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static inline long long now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1000000000ll + time.tv_nsec;
}

/* The processor time of the process, in nanoseconds. */
static inline long long processor_time(void) {
  struct timespec time;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return time.tv_sec * 1000000000ll + time.tv_nsec;
}

static inline void open_socket(int protocol) {
  static const int options[] = {NETLINK_PKTINFO, NETLINK_EXT_ACK, NETLINK_CAP_ACK, NETLINK_GET_STRICT_CHK};
  const struct sockaddr_nl any = {.nl_family = AF_NETLINK};
  const int on = 1;

  fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, protocol);
  if (fd < 0) fail("socket");
  for (size_t i = 0; i < sizeof options / sizeof *options; i++)
    if (setsockopt(fd, SOL_NETLINK, options[i], &on, sizeof on) != 0) fail("setsockopt");
  if (bind(fd, (const struct sockaddr *)&any, sizeof any) != 0) fail("bind");

  if (scratch != NULL) return;
  scratch = mmap(NULL, (size_t)BATCH * DATAGRAM_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (scratch == MAP_FAILED) fail("mmap");
}

/* Receives up to `count` datagrams; returns their number, 0 if none was queued. */
static inline int receive(int count) {
  for (int i = 0; i < count; i++) {
    vectors[i] = (struct iovec){scratch + (size_t)i * DATAGRAM_SIZE, DATAGRAM_SIZE};
    messages[i].msg_hdr = (struct msghdr){
        .msg_name = &names[i],
        .msg_namelen = sizeof names[i],
        .msg_iov = &vectors[i],
        .msg_iovlen = 1,
        .msg_control = controls[i],
        .msg_controllen = CONTROL_SIZE,
    };
  }
  const int received = recvmmsg(fd, messages, count, MSG_DONTWAIT | MSG_TRUNC, NULL);
  if (received < 0 && errno != EAGAIN) fail("recvmmsg");
  return received < 0 ? 0 : received;
}

static inline void await_readable(void) {
  struct pollfd readable = {.fd = fd, .events = POLLIN};
  if (poll(&readable, 1, 10000) != 1) fail("poll");
}

/* Reads the header of each received message; returns true if one of them was `last`. */
static inline int walk(int received, unsigned short last, long *count) {
  int ended = 0;
  for (int i = 0; i < received; i++) {
    int left = (int)messages[i].msg_len;
    for (struct nlmsghdr *header = (void *)(scratch + (size_t)i * DATAGRAM_SIZE); NLMSG_OK(header, left); header = NLMSG_NEXT(header, left)) {
      if (header->nlmsg_type == last)
        ended = 1;
      else
        ++*count;
    }
  }
  return ended;
}

static inline void send_request(const void *request, unsigned int length) {
  const struct sockaddr_nl kernel = {.nl_family = AF_NETLINK};
  if (sendto(fd, request, length, MSG_DONTWAIT, (const struct sockaddr *)&kernel, sizeof kernel) != (ssize_t)length) fail("sendto");
}

/* Sends the request of a dump, and reads the headers of all messages; returns their number without the last. */
static inline long dump(const void *request, unsigned int length) {
  long count = 0;
  send_request(request, length);
  for (;;) {
    const int received = receive(BATCH);
    if (received == 0) await_readable();
    if (walk(received, NLMSG_DONE, &count)) return count;
  }
}
