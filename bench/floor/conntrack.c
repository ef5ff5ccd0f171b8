/*
 * `conntrack` dumps the tracked IPv4 connections of a namespace for each line on stdin, and prints `nanoseconds messages`, in processor time.
 */
#include "socket.h"
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>

static long dump_connections(unsigned int sequence) {
  struct {
    struct nlmsghdr header;
    struct nfgenmsg family;
  } request = {
      .header = {sizeof request, NFNL_SUBSYS_CTNETLINK << 8 | IPCTNL_MSG_CT_GET, NLM_F_REQUEST | NLM_F_ACK | NLM_F_DUMP, sequence, 0},
      .family = {.nfgen_family = AF_INET, .version = NFNETLINK_V0},
  };
  return dump(&request, sizeof request);
}

int main(void) {
  unsigned int sequence = 0;
  char line[64];
  open_socket(NETLINK_NETFILTER);
  while (fgets(line, sizeof line, stdin) != NULL) {
    const long long began = processor_time();
    const long count = dump_connections(++sequence);
    printf("%lld %ld\n", processor_time() - began, count);
    fflush(stdout);
  }
  return 0;
}
