/*
 * Packets of a queue and of a log group:
 *
 *   packets send PORT N    sends N datagrams of 100 bytes to that port of loopback for each line on stdin, and prints N
 *   packets queue NUMBER   binds a queue; for each line `N` it accepts N packets
 *   packets log NUMBER     binds a log group; for each line `N` it receives N packets
 *
 * The last two print `nanoseconds packets` after each line, in processor time. The answer to `0` means that the program is bound. The program reads the number of each packet and nothing else. It sends
 * the verdicts of what it has received at once in one datagram, as the library does.
 */
#include "socket.h"
#include <netinet/in.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_log.h>
#include <linux/netfilter/nfnetlink_queue.h>

static unsigned char out[1 << 16];
static size_t length;

static struct nlmsghdr *begin(int type, int flags, int number) {
  struct nlmsghdr *header = (void *)(out + length);
  const struct nfgenmsg fixed = {AF_UNSPEC, NFNETLINK_V0, htons(number)};
  *header = (struct nlmsghdr){NLMSG_LENGTH(sizeof fixed), type, NLM_F_REQUEST | flags, 0, 0};
  memcpy(NLMSG_DATA(header), &fixed, sizeof fixed);
  return header;
}

static void put(struct nlmsghdr *header, int type, const void *value, size_t size) {
  struct nlattr *attribute = (void *)((unsigned char *)header + NLMSG_ALIGN(header->nlmsg_len));
  *attribute = (struct nlattr){NLA_HDRLEN + size, type};
  memcpy(attribute + 1, value, size);
  header->nlmsg_len = NLMSG_ALIGN(header->nlmsg_len) + NLA_ALIGN(NLA_HDRLEN + size);
}

static void end(const struct nlmsghdr *header) {
  length += NLMSG_ALIGN(header->nlmsg_len);
}

static void flush(void) {
  if (length > 0) send_request(out, length);
  length = 0;
}

/* Returns the first error of the acks that have arrived. */
static void await_ack(void) {
  await_readable();
  const int received = receive(1);
  const struct nlmsghdr *header = (void *)scratch;
  if (received != 1 || header->nlmsg_type != NLMSG_ERROR) fail("an ack was expected");
  errno = -((const struct nlmsgerr *)NLMSG_DATA(header))->error;
  if (errno != 0) fail("bind");
}

static void bind_to(int is_queue, int number) {
  const int bytes = 256 << 20;
  open_socket(NETLINK_NETFILTER);
  if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof bytes) != 0) fail("SO_RCVBUFFORCE");
  struct nlmsghdr *header =
      begin(is_queue ? NFNL_SUBSYS_QUEUE << 8 | NFQNL_MSG_CONFIG : NFNL_SUBSYS_ULOG << 8 | NFULNL_MSG_CONFIG, NLM_F_ACK, number);
  if (is_queue) {
    const struct nfqnl_msg_config_cmd command = {.command = NFQNL_CFG_CMD_BIND};
    const struct nfqnl_msg_config_params mode = {htonl(0xffff - 4), NFQNL_COPY_PACKET};
    const unsigned int longest = 0xffffffff, mask = htonl(NFQA_CFG_F_MAX - 1), flags = 0;
    put(header, NFQA_CFG_CMD, &command, sizeof command);
    put(header, NFQA_CFG_PARAMS, &mode, sizeof mode);
    put(header, NFQA_CFG_QUEUE_MAXLEN, &longest, sizeof longest);
    put(header, NFQA_CFG_MASK, &mask, sizeof mask);
    put(header, NFQA_CFG_FLAGS, &flags, sizeof flags);
  } else {
    const struct nfulnl_msg_config_cmd command = {NFULNL_CFG_CMD_BIND};
    const struct nfulnl_msg_config_mode mode = {htonl(0xffff - 4), NFULNL_COPY_PACKET, 0};
    const unsigned int threshold = htonl(100), size = htonl(65536), timeout = htonl(1);
    const unsigned short flags = htons(NFULNL_CFG_F_SEQ);
    put(header, NFULA_CFG_CMD, &command, sizeof command);
    put(header, NFULA_CFG_MODE, &mode, sizeof mode);
    put(header, NFULA_CFG_FLAGS, &flags, sizeof flags);
    put(header, NFULA_CFG_QTHRESH, &threshold, sizeof threshold);
    put(header, NFULA_CFG_TIMEOUT, &timeout, sizeof timeout);
    put(header, NFULA_CFG_NLBUFSIZ, &size, sizeof size);
  }
  end(header);
  flush();
  await_ack();
}

static void accept_packet(int number, const struct nlmsghdr *packet) {
  const struct nlattr *first = (void *)((unsigned char *)NLMSG_DATA(packet) + sizeof(struct nfgenmsg));
  const struct nfqnl_msg_packet_hdr *info = (const void *)(first + 1);
  if (first->nla_type != NFQA_PACKET_HDR) fail("NFQA_PACKET_HDR is the first attribute");
  const struct nfqnl_msg_verdict_hdr verdict = {htonl(NF_ACCEPT), info->packet_id};
  struct nlmsghdr *header = begin(NFNL_SUBSYS_QUEUE << 8 | NFQNL_MSG_VERDICT, 0, number);
  put(header, NFQA_VERDICT_HDR, &verdict, sizeof verdict);
  end(header);
  if (length > sizeof out / 2) flush();
}

static long read_packets(int is_queue, int number, long wanted) {
  long count = 0;
  while (count < wanted) {
    const int received = receive(BATCH);
    if (received == 0) await_readable();
    for (int i = 0; i < received; i++) {
      int left = (int)messages[i].msg_len;
      for (struct nlmsghdr *header = (void *)(scratch + (size_t)i * DATAGRAM_SIZE); NLMSG_OK(header, left); header = NLMSG_NEXT(header, left)) {
        if (header->nlmsg_type == NLMSG_ERROR) fail("a verdict was rejected");
        if (header->nlmsg_type == NLMSG_DONE) continue;
        if (is_queue) accept_packet(number, header);
        count++;
      }
    }
    flush();
  }
  return count;
}

static void send_packets(int port, long count) {
  static const char data[72];
  const struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr = {htonl(INADDR_LOOPBACK)}};
  const int udp = socket(AF_INET, SOCK_DGRAM, 0);
  if (udp < 0 || connect(udp, (const struct sockaddr *)&to, sizeof to) != 0) fail("socket");
  /* The send buffer of a socket holds its queued packets: the program waits for verdicts. */
  for (long sent = 0; sent < count; sent++)
    if (send(udp, data, sizeof data, 0) != sizeof data) fail("send");
  close(udp);
}

int main(int argc, char **argv) {
  char line[64];
  if (argc == 4 && strcmp(argv[1], "send") == 0) {
    while (fgets(line, sizeof line, stdin) != NULL) {
      send_packets(atoi(argv[2]), atol(argv[3]));
      printf("%s\n", argv[3]);
      fflush(stdout);
    }
    return 0;
  }
  const int is_queue = argc == 3 && strcmp(argv[1], "queue") == 0;
  if (!is_queue && !(argc == 3 && strcmp(argv[1], "log") == 0)) {
    fprintf(stderr, "usage: packets send PORT N | packets queue NUMBER | packets log NUMBER\n");
    return 2;
  }
  bind_to(is_queue, atoi(argv[2]));
  while (fgets(line, sizeof line, stdin) != NULL) {
    const long long began = processor_time();
    const long count = read_packets(is_queue, atoi(argv[2]), atol(line));
    printf("%lld %ld\n", processor_time() - began, count);
    fflush(stdout);
  }
  return 0;
}
