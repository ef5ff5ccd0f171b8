/*
 * Reads a storm of route events, as bench/subjects/storm-reader.ts does with the library. The line `start` on stdin joins the group and
 * prints `ready`. The line `stop` reads until no event arrives for 50 ms, leaves the group and prints `{"events", "dropped", "cpu"}`, the
 * processor time in microseconds.
 */
#include "socket.h"
#include <linux/sock_diag.h>

static long dropped(void) {
  unsigned int info[SK_MEMINFO_VARS];
  socklen_t length = sizeof info;
  if (getsockopt(fd, SOL_SOCKET, SO_MEMINFO, info, &length) != 0) fail("SO_MEMINFO");
  return info[SK_MEMINFO_DROPS];
}

static void join(void) {
  const int group = RTNLGRP_IPV4_ROUTE, bytes = 32 << 20;
  open_socket(NETLINK_ROUTE);
  if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof bytes) != 0 &&
      setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes) != 0)
    fail("SO_RCVBUF");
  if (setsockopt(fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &group, sizeof group) != 0) fail("NETLINK_ADD_MEMBERSHIP");
}

int main(void) {
  char line[64];
  long events = 0;
  long long began = 0;
  int reading = 0;
  for (;;) {
    struct pollfd polled[] = {{.fd = STDIN_FILENO, .events = POLLIN}, {.fd = reading ? fd : -1, .events = POLLIN}};
    if (poll(polled, 2, -1) < 0) fail("poll");
    if (polled[1].revents != 0) walk(receive(BATCH), NLMSG_DONE, &events);
    if (polled[0].revents == 0) continue;
    const ssize_t length = read(STDIN_FILENO, line, sizeof line);
    if (length <= 0) return 0;
    if (strncmp(line, "start", 5) == 0) {
      join();
      reading = 1;
      events = 0;
      began = processor_time();
      printf("ready\n");
    } else {
      while (poll(&polled[1], 1, 50) == 1) walk(receive(BATCH), NLMSG_DONE, &events);
      printf("{\"events\":%ld,\"dropped\":%ld,\"cpu\":%lld}\n", events, dropped(), (processor_time() - began) / 1000);
      close(fd);
      reading = 0;
    }
    fflush(stdout);
  }
}
