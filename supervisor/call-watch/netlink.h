/* What watch-calls.c needs of netlink: sockets of one network namespace, and the kernel's attributes read with their
 * lengths checked. Knows nothing of sandboxes. */
#ifndef NETLINK_H
#define NETLINK_H
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>
#include <linux/netfilter/nfnetlink_log.h>
#include <linux/netlink.h>
#include <stddef.h>
#include <stdint.h>

/* The group that the rules of sandboxes log to: egress-rules.ts. */
#define LOG_GROUP 1
/* Of a packet that is logged: its headers, or an answer of a resolver. */
#define LOG_BYTES 600

/* One attribute; `bytes` is null where there is none of the type. */
struct attribute {
  const uint8_t *bytes;
  size_t length;
};

/* @returns a socket that hears of connections as they begin, change and end; -1: errno says why */
int open_connections(void);
/* @returns a socket that gets what rules log */
int open_log(void);
/* Asks for one connection, by the tuple that the kernel said of it. The answer comes with `seq`. */
int ask_connection(int fd, uint32_t seq, struct attribute tuple);
/* Finds an attribute among others. */
struct attribute attribute_of(struct attribute all, uint16_t type);
/* @returns what stands behind the head of a message of nfnetlink */
struct attribute attributes_of(const struct nlmsghdr *message);
uint64_t number_of(struct attribute attribute);

#endif
