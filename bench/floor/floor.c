/*
 * The floor under rxnetlink: the least that a program must do to receive what the library receives.
 *
 *   floor dump             dumps the IPv4 routes for each line on stdin; answers `nanoseconds messages`
 *   floor sequential N     asks N times for link 1 and awaits each ack, for each line; answers `nanoseconds N`
 *
 * Same socket options, flags, control data and datagram size as the library, and recvmmsg into a scratch that is reserved once.
 * Of each message only the header is looked at.
 */
#include "socket.h"

static long dump_routes(unsigned int sequence) {
  struct {
    struct nlmsghdr header;
    struct rtmsg route;
  } request = {
      .header = {sizeof request, RTM_GETROUTE, NLM_F_REQUEST | NLM_F_ACK | NLM_F_DUMP, sequence, 0},
      .route = {.rtm_family = AF_INET},
  };
  long count = 0;
  send_request(&request, sizeof request);
  for (;;) {
    const int received = receive(BATCH);
    if (received == 0) await_readable();
    if (walk(received, NLMSG_DONE, &count)) return count;
  }
}

static void get_link(unsigned int sequence) {
  struct {
    struct nlmsghdr header;
    struct ifinfomsg link;
  } request = {
      .header = {sizeof request, RTM_GETLINK, NLM_F_REQUEST | NLM_F_ACK, sequence, 0},
      .link = {.ifi_index = 1},
  };
  long count = 0;
  send_request(&request, sizeof request);
  for (;;) {
    const int received = receive(2);
    if (received == 0) await_readable();
    if (walk(received, NLMSG_ERROR, &count)) break;
  }
  if (count != 1) fail("one link was asked for");
}

int main(int argc, char **argv) {
  const int sequential = argc == 3 && strcmp(argv[1], "sequential") == 0;
  if (!sequential && !(argc == 2 && strcmp(argv[1], "dump") == 0)) {
    fprintf(stderr, "usage: floor dump | floor sequential N\n");
    return 2;
  }
  const long times = sequential ? atol(argv[2]) : 0;
  unsigned int sequence = 0;
  char line[64];
  open_socket();
  while (fgets(line, sizeof line, stdin) != NULL) {
    long count = 0;
    const long long began = now();
    if (sequential)
      for (; count < times; count++) get_link(++sequence);
    else
      count = dump_routes(++sequence);
    printf("%lld %ld\n", now() - began, count);
    fflush(stdout);
  }
  return 0;
}
