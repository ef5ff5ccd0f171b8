/*
 * The floor: a C program that does the minimum of work to receive the same messages as the library.
 *
 *   floor dump             dumps the IPv4 routes for each line on stdin, and prints `nanoseconds messages`
 *   floor sequential N     requests link 1 N times and awaits each ack, for each line, and prints `nanoseconds N`
 *   floor getroute N       the same with the route to 127.0.0.1
 *
 * Socket options, flags, control data and datagram size are those of the library. recvmmsg writes into a buffer that is allocated once.
 * The program reads only the header of each message.
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
  return dump(&request, sizeof request);
}

/* The library reads one datagram more than the reply and the ack: a third would be an event. */
#define AT_ONCE 3

/* Sends a request for one object and reads the reply and the ack. */
static void get_one(const void *request, unsigned int length) {
  long count = 0;
  send_request(request, length);
  for (;;) {
    const int received = receive(AT_ONCE);
    if (received == 0) await_readable();
    if (walk(received, NLMSG_ERROR, &count)) break;
  }
  if (count != 1) fail("one object was asked for");
}

static void get_link(unsigned int sequence) {
  struct {
    struct nlmsghdr header;
    struct ifinfomsg link;
  } request = {
      .header = {sizeof request, RTM_GETLINK, NLM_F_REQUEST | NLM_F_ACK, sequence, 0},
      .link = {.ifi_index = 1},
  };
  get_one(&request, sizeof request);
}

static void get_route(unsigned int sequence) {
  struct {
    struct nlmsghdr header;
    struct rtmsg route;
    struct rtattr destination_header;
    unsigned char destination[4];
  } request = {
      .header = {sizeof request, RTM_GETROUTE, NLM_F_REQUEST | NLM_F_ACK, sequence, 0},
      .route = {.rtm_family = AF_INET, .rtm_dst_len = 32},
      .destination_header = {8, RTA_DST},
      .destination = {127, 0, 0, 1},
  };
  get_one(&request, sizeof request);
}

int main(int argc, char **argv) {
  void (*get)(unsigned int) = NULL;
  if (argc == 3 && strcmp(argv[1], "sequential") == 0) get = get_link;
  if (argc == 3 && strcmp(argv[1], "getroute") == 0) get = get_route;
  if (get == NULL && !(argc == 2 && strcmp(argv[1], "dump") == 0)) {
    fprintf(stderr, "usage: floor dump | floor sequential N | floor getroute N\n");
    return 2;
  }
  const long times = get != NULL ? atol(argv[2]) : 0;
  unsigned int sequence = 0;
  char line[64];
  open_socket(NETLINK_ROUTE);
  while (fgets(line, sizeof line, stdin) != NULL) {
    long count = 0;
    const long long began = now();
    if (get != NULL)
      for (; count < times; count++) get(++sequence);
    else
      count = dump_routes(++sequence);
    printf("%lld %ld\n", now() - began, count);
    fflush(stdout);
  }
  return 0;
}
