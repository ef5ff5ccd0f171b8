/*
 * The sockets of a namespace:
 *
 *   sockets hold N     opens N TCP sockets over loopback, prints `ready` and keeps them until stdin ends
 *   sockets list EXT   dumps the IPv4 TCP sockets with these extensions for each line on stdin, and prints `nanoseconds messages`,
 *                      in processor time
 *
 * Each connection has carried another number of bytes, so that the counters of the rows differ.
 */
#include "socket.h"
#include <linux/inet_diag.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <sys/resource.h>

static void exchange(int from, int to, size_t length) {
  static unsigned char bytes[8192];
  size_t left = length;
  if (write(from, bytes, length) != (ssize_t)length) fail("write");
  while (left > 0) {
    const ssize_t got = read(to, bytes, left);
    if (got <= 0) fail("read");
    left -= got;
  }
}

static void hold(long count) {
  const struct rlimit limit = {count + 64, count + 64};
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
  socklen_t length = sizeof address;
  const int listener = socket(AF_INET, SOCK_STREAM, 0);
  if (setrlimit(RLIMIT_NOFILE, &limit) != 0) fail("RLIMIT_NOFILE");
  if (bind(listener, (struct sockaddr *)&address, sizeof address) != 0 || listen(listener, 128) != 0) fail("listen");
  if (getsockname(listener, (struct sockaddr *)&address, &length) != 0) fail("getsockname");
  for (long pair = 0; pair < count / 2; pair++) {
    const int client = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(client, (struct sockaddr *)&address, sizeof address) != 0) fail("connect");
    const int server = accept(listener, NULL, NULL);
    if (server < 0) fail("accept");
    exchange(client, server, pair * 37 % 5000 + 1);
    exchange(server, client, pair * 11 % 3000 + 1);
  }
  printf("ready\n");
  fflush(stdout);
  while (getchar() != EOF) {
  }
}

static long list(unsigned int sequence, unsigned char extensions) {
  struct {
    struct nlmsghdr header;
    struct inet_diag_req_v2 sockets;
  } request = {
      .header = {sizeof request, SOCK_DIAG_BY_FAMILY, NLM_F_REQUEST | NLM_F_ACK | NLM_F_DUMP, sequence, 0},
      .sockets = {.sdiag_family = AF_INET, .sdiag_protocol = IPPROTO_TCP, .idiag_ext = extensions, .idiag_states = 0x3fff},
  };
  return dump(&request, sizeof request);
}

int main(int argc, char **argv) {
  unsigned int sequence = 0;
  char line[64];
  if (argc != 3 || (strcmp(argv[1], "hold") != 0 && strcmp(argv[1], "list") != 0)) {
    fprintf(stderr, "usage: sockets hold N | sockets list EXT\n");
    return 2;
  }
  if (strcmp(argv[1], "hold") == 0) {
    hold(atol(argv[2]));
    return 0;
  }
  open_socket(NETLINK_SOCK_DIAG);
  while (fgets(line, sizeof line, stdin) != NULL) {
    const long long began = processor_time();
    const long count = list(++sequence, (unsigned char)atoi(argv[2]));
    printf("%lld %ld\n", processor_time() - began, count);
    fflush(stdout);
  }
  return 0;
}
