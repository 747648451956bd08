/* Sockets of netlink, and the attributes of its messages: netlink.h. */
#include "netlink.h"
#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* What the kernel keeps for us while we are busy; beyond it, it says that it has dropped something. */
#define QUEUE_BYTES (512 * 1024)

static int open_socket(uint32_t groups) {
  int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_NETFILTER);
  if (fd < 0) return -1;
  struct sockaddr_nl address = {.nl_family = AF_NETLINK, .nl_groups = groups};
  int size = QUEUE_BYTES;
  setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
  if (bind(fd, (struct sockaddr *)&address, sizeof address) == 0) return fd;
  close(fd);
  return -1;
}

struct request {
  struct nlmsghdr head;
  struct nfgenmsg family;
  uint8_t attributes[256];
};

static void begin(struct request *request, uint16_t type, uint16_t flags) {
  memset(request, 0, sizeof *request);
  request->head.nlmsg_len = NLMSG_LENGTH(sizeof request->family);
  request->head.nlmsg_type = type;
  request->head.nlmsg_flags = NLM_F_REQUEST | flags;
  request->family.nfgen_family = AF_INET;
  request->family.version = NFNETLINK_V0;
}

static int add(struct request *request, uint16_t type, const void *bytes, size_t length) {
  size_t used = request->head.nlmsg_len - NLMSG_LENGTH(sizeof request->family);
  if (used + NLA_HDRLEN + NLA_ALIGN(length) > sizeof request->attributes) return -1;
  struct nlattr head = {.nla_len = (uint16_t)(NLA_HDRLEN + length), .nla_type = type};
  memcpy(request->attributes + used, &head, sizeof head);
  memcpy(request->attributes + used + NLA_HDRLEN, bytes, length);
  request->head.nlmsg_len += NLA_HDRLEN + NLA_ALIGN(length);
  return 0;
}

int open_connections(void) {
  uint32_t groups = 0;
  int wanted[] = {NFNLGRP_CONNTRACK_NEW, NFNLGRP_CONNTRACK_UPDATE, NFNLGRP_CONNTRACK_DESTROY};
  for (size_t i = 0; i < 3; i++) groups |= 1u << (wanted[i] - 1);
  return open_socket(groups);
}

static int configure(int fd, uint16_t type, const void *bytes, size_t length) {
  struct request request;
  begin(&request, (NFNL_SUBSYS_ULOG << 8) | NFULNL_MSG_CONFIG, NLM_F_ACK);
  request.family.res_id = htons(LOG_GROUP);
  if (add(&request, type, bytes, length) < 0 || send(fd, &request, request.head.nlmsg_len, 0) < 0) return -1;
  struct {
    struct nlmsghdr head;
    struct nlmsgerr error;
  } answer;
  /* The kernel answers within the send. */
  ssize_t got = recv(fd, &answer, sizeof answer, 0);
  if (got < (ssize_t)sizeof answer.head || answer.head.nlmsg_type != NLMSG_ERROR) return -1;
  errno = -answer.error.error;
  return answer.error.error == 0 ? 0 : -1;
}

int open_log(void) {
  int fd = open_socket(0);
  if (fd < 0) return -1;
  struct nfulnl_msg_config_cmd bound = {.command = NFULNL_CFG_CMD_BIND};
  struct nfulnl_msg_config_mode mode = {.copy_range = htonl(LOG_BYTES), .copy_mode = NFULNL_COPY_PACKET};
  uint32_t at_once = htonl(1);
  if (configure(fd, NFULA_CFG_CMD, &bound, sizeof bound) == 0 &&
      configure(fd, NFULA_CFG_MODE, &mode, sizeof mode) == 0 &&
      configure(fd, NFULA_CFG_QTHRESH, &at_once, sizeof at_once) == 0)
    return fd;
  int why = errno;
  close(fd);
  errno = why;
  return -1;
}

int ask_connection(int fd, uint32_t seq, struct attribute tuple) {
  struct request request;
  begin(&request, (NFNL_SUBSYS_CTNETLINK << 8) | IPCTNL_MSG_CT_GET, 0);
  request.head.nlmsg_seq = seq;
  if (add(&request, CTA_TUPLE_ORIG | NLA_F_NESTED, tuple.bytes, tuple.length) < 0) return -1;
  return send(fd, &request, request.head.nlmsg_len, 0) < 0 ? -1 : 0;
}

struct attribute attributes_of(const struct nlmsghdr *message) {
  size_t head = NLMSG_LENGTH(sizeof(struct nfgenmsg));
  struct attribute none = {NULL, 0};
  if (message->nlmsg_len < head) return none;
  return (struct attribute){(const uint8_t *)message + head, message->nlmsg_len - head};
}

struct attribute attribute_of(struct attribute all, uint16_t type) {
  size_t at = 0;
  while (all.bytes != NULL && at + NLA_HDRLEN <= all.length) {
    struct nlattr head;
    memcpy(&head, all.bytes + at, sizeof head);
    if (head.nla_len < NLA_HDRLEN || at + head.nla_len > all.length) break;
    if ((head.nla_type & NLA_TYPE_MASK) == type)
      return (struct attribute){all.bytes + at + NLA_HDRLEN, head.nla_len - NLA_HDRLEN};
    at += NLA_ALIGN(head.nla_len);
  }
  return (struct attribute){NULL, 0};
}

uint64_t number_of(struct attribute attribute) {
  uint64_t number = 0;
  for (size_t i = 0; i < attribute.length && i < sizeof number; i++) number = (number << 8) | attribute.bytes[i];
  return number;
}
