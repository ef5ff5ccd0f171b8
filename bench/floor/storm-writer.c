/*
 * Causes route events as fast as the kernel allows. For each line on stdin, `storm-writer N` adds N / 2 IPv4 routes and deletes them, in
 * datagrams of as many requests as the library's. It awaits the ack of the last request of each datagram and prints `nanoseconds N`.
 *
 * It is also the floor for routes written in batches.
 */
#include "socket.h"
#include <net/if.h>

/* The requests in 64 KiB: the library sends no larger datagram. */
#define MOST ((1 << 16) / sizeof(struct request))
/* The memory of an error in the receive queue, without the request that it contains. */
#define ERROR_COST 832
/* The ack, and one datagram more: a second would be an error. */
#define AT_ONCE 2

struct request {
  struct nlmsghdr header;
  struct rtmsg route;
  struct rtattr destination_header;
  unsigned char destination[4];
  struct rtattr interface_header;
  int interface;
};

static struct request requests[MOST];

static void fill(struct request *request, unsigned short type, unsigned int sequence, unsigned int number, int interface) {
  *request = (struct request){
      .header = {sizeof *request, type, NLM_F_REQUEST | (type == RTM_NEWROUTE ? NLM_F_CREATE | NLM_F_EXCL : 0), sequence, 0},
      .route = {.rtm_family = AF_INET,
                .rtm_dst_len = 32,
                .rtm_table = RT_TABLE_MAIN,
                .rtm_protocol = RTPROT_BOOT,
                .rtm_scope = RT_SCOPE_LINK,
                .rtm_type = RTN_UNICAST},
      .destination_header = {8, RTA_DST},
      .destination = {11, number >> 16, number >> 8, number},
      .interface_header = {8, RTA_OIF},
      .interface = interface,
  };
}

/* Returns the number of requests in a datagram: half of the receive queue has room for their errors. */
static size_t requests_per_datagram(void) {
  int size;
  socklen_t length = sizeof size;
  if (getsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, &length) != 0) fail("SO_RCVBUF");
  const size_t fit = size / 2 / (ERROR_COST + sizeof(struct request));
  return fit < MOST ? fit : MOST;
}

/* Waits for the ack of the last request; an error ends the program. */
static void await_ack(unsigned int sequence) {
  for (;;) {
    const int received = receive(AT_ONCE);
    if (received == 0) await_readable();
    for (int i = 0; i < received; i++) {
      const struct nlmsghdr *header = (void *)(scratch + (size_t)i * DATAGRAM_SIZE);
      const struct nlmsgerr *ack = NLMSG_DATA(header);
      if (header->nlmsg_type != NLMSG_ERROR) continue;
      if (ack->error != 0) {
        errno = -ack->error;
        fail("a route was refused");
      }
      if (header->nlmsg_seq == sequence) return;
    }
  }
}

static void write_routes(unsigned short type, unsigned int count, int interface) {
  static unsigned int sequence;
  const size_t most = requests_per_datagram();
  for (unsigned int number = 0; number < count;) {
    size_t filled = 0;
    while (filled < most && number < count) fill(&requests[filled++], type, ++sequence, number++, interface);
    requests[filled - 1].header.nlmsg_flags |= NLM_F_ACK;
    send_request(requests, filled * sizeof *requests);
    await_ack(sequence);
  }
}

int main(int argc, char **argv) {
  char line[64];
  const int interface = if_nametoindex("bench0");
  if (argc != 2 || interface == 0) {
    fprintf(stderr, "usage: storm-writer N, where there is a bench0\n");
    return 2;
  }
  const unsigned int count = atol(argv[1]) / 2;
  open_socket(NETLINK_ROUTE);
  while (fgets(line, sizeof line, stdin) != NULL) {
    const long long began = now();
    write_routes(RTM_NEWROUTE, count, interface);
    write_routes(RTM_DELROUTE, count, interface);
    printf("%lld %u\n", now() - began, 2 * count);
    fflush(stdout);
  }
  return 0;
}
