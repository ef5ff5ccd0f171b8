/*
 * libmnl: for each line on stdin, `libmnl dump` dumps the IPv4 routes and `libmnl sequential N` requests link 1 N times. Both print
 * `nanoseconds count`. Buffers and calls are those that libmnl's documentation recommends.
 */
#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

static struct mnl_socket *sock;
static char buffer[MNL_SOCKET_DUMP_SIZE];

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static long long now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1000000000ll + time.tv_nsec;
}

static int attribute(const struct nlattr *attr, void *data) {
  const struct nlattr **attributes = data;
  if (mnl_attr_type_valid(attr, RTA_MAX) > 0) attributes[mnl_attr_get_type(attr)] = attr;
  return MNL_CB_OK;
}

/* Finds the attributes of a route, as programs with libmnl do. */
static int route(const struct nlmsghdr *header, void *data) {
  const struct nlattr *attributes[RTA_MAX + 1] = {NULL};
  mnl_attr_parse(header, sizeof(struct rtmsg), attribute, attributes);
  if (attributes[RTA_TABLE] != NULL) ++*(long *)data;
  return MNL_CB_OK;
}

static int link_found(const struct nlmsghdr *header, void *data) {
  if (header->nlmsg_type == RTM_NEWLINK) ++*(long *)data;
  return MNL_CB_OK;
}

static long ask(struct nlmsghdr *header, unsigned int sequence, mnl_cb_t callback) {
  long count = 0;
  int result = MNL_CB_OK;
  header->nlmsg_seq = sequence;
  if (mnl_socket_sendto(sock, header, header->nlmsg_len) < 0) fail("mnl_socket_sendto");
  while (result > MNL_CB_STOP) {
    const ssize_t length = mnl_socket_recvfrom(sock, buffer, sizeof buffer);
    if (length < 0) fail("mnl_socket_recvfrom");
    result = mnl_cb_run(buffer, length, sequence, mnl_socket_get_portid(sock), callback, &count);
    if (result < 0) fail("mnl_cb_run");
  }
  return count;
}

int main(int argc, char **argv) {
  const long times = argc == 3 && strcmp(argv[1], "sequential") == 0 ? atol(argv[2]) : 0;
  char request[256], line[64];
  unsigned int sequence = 0;

  sock = mnl_socket_open(NETLINK_ROUTE);
  if (sock == NULL || mnl_socket_bind(sock, 0, MNL_SOCKET_AUTOPID) < 0) fail("mnl_socket_open");

  struct nlmsghdr *header = mnl_nlmsg_put_header(request);
  header->nlmsg_flags = NLM_F_REQUEST | (times > 0 ? NLM_F_ACK : NLM_F_DUMP);
  header->nlmsg_type = times > 0 ? RTM_GETLINK : RTM_GETROUTE;
  if (times > 0)
    ((struct ifinfomsg *)mnl_nlmsg_put_extra_header(header, sizeof(struct ifinfomsg)))->ifi_index = 1;
  else
    ((struct rtmsg *)mnl_nlmsg_put_extra_header(header, sizeof(struct rtmsg)))->rtm_family = AF_INET;

  while (fgets(line, sizeof line, stdin) != NULL) {
    long count = 0;
    const long long began = now();
    if (times > 0)
      while (count < times) count += ask(header, ++sequence, link_found);
    else
      count = ask(header, ++sequence, route);
    printf("%lld %ld\n", now() - began, count);
    fflush(stdout);
  }
  return 0;
}
