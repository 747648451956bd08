/* Says what sandboxes do on the network, as the kernel has it: connections as they begin and end with their bytes,
 * refused ones, and answers of the resolver. Reads headers at fixed places, checked for their length, and hands an
 * answer of a resolver on unread. Opens nothing but netlink. Started by call-watch.ts as root.
 *
 *   fd 0, from the supervisor:  + SANDBOX NAMESPACE_FILE      - SANDBOX
 *   fd 1, from the server:      ? SANDBOX
 *   fd 1, to the server, times in ms, bytes as they left and came:
 *     c SANDBOX CONNECTION TIME PROTOCOL ADDRESS PORT         it has begun
 *     d SANDBOX CONNECTION TIME SENT RECEIVED                 it has ended
 *     r SANDBOX TIME PROTOCOL ADDRESS PORT                    it was refused
 *     n SANDBOX HEX                                           an answer of the resolver
 *     o SANDBOX CONNECTION TIME SENT RECEIVED                 of one that is open; `.` SANDBOX is behind the last
 *     x SANDBOX                                               there was more than is said
 *     - SANDBOX                                               its network is gone; `!`, the first line: we watch
 */
#include "netlink.h"
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/netfilter/nf_conntrack_tcp.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define MOST_SANDBOXES 2048
/* Connections of a sandbox whose bytes are asked for while they are open. */
#define MOST_OPEN 64
/* Lines about one sandbox: at once, and in a second. */
#define BURST 400
#define LINES_A_SECOND 200
#define TUPLE_BYTES 128
/* Of one socket before others have their turn: more than its queue holds. */
#define MOST_AT_ONCE 1024
enum { ASKED_AT_END = 1, ASKED_NOW = 2 };

struct connection {
  uint32_t id;
  uint8_t tuple[TUPLE_BYTES];
  size_t length;
};

struct sandbox {
  char id[17];
  int connections, log;
  struct connection open[MOST_OPEN];
  int count, asked;
  double lines, refilled;
  int has_lost;
};

static struct sandbox *sandboxes[MOST_SANDBOXES];
static int poll_fd, own_namespace;
static uint8_t received[64 * 1024];

static double now_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  return now.tv_sec * 1e3 + now.tv_nsec / 1e6;
}

/* Who reads us is gone: there is nothing left to do. */
static void say(const char *text, size_t length) {
  while (length > 0) {
    ssize_t wrote = write(1, text, length);
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote <= 0) exit(0);
    text += wrote;
    length -= (size_t)wrote;
  }
}

static void say_lost(struct sandbox *sandbox) {
  char line[32];
  if (sandbox->has_lost) say(line, (size_t)snprintf(line, sizeof line, "x %s\n", sandbox->id));
  sandbox->has_lost = 0;
}

/* @returns whether another line could be said of it */
static int has_line(struct sandbox *sandbox) {
  double now = now_ms(), passed = now - sandbox->refilled;
  sandbox->refilled = now;
  if (passed > 0) sandbox->lines += passed / 1e3 * LINES_A_SECOND;
  if (sandbox->lines > BURST) sandbox->lines = BURST;
  if (sandbox->lines < 2) {
    sandbox->has_lost = 1;
    return 0;
  }
  return 1;
}

/* @returns whether another line may be said of it, which is taken then */
static int may_say(struct sandbox *sandbox) {
  if (!has_line(sandbox)) return 0;
  sandbox->lines -= 1;
  say_lost(sandbox);
  return 1;
}

static const char *protocol_name(uint8_t protocol) {
  return protocol == IPPROTO_TCP ? "tcp" : protocol == IPPROTO_UDP ? "udp" : protocol == IPPROTO_ICMP ? "icmp" : "other";
}

static void forget(struct sandbox *sandbox, uint32_t id) {
  for (int i = 0; i < sandbox->count; i++)
    if (sandbox->open[i].id == id) sandbox->open[i--] = sandbox->open[--sandbox->count];
}

static void remember(struct sandbox *sandbox, uint32_t id, struct attribute tuple) {
  if (sandbox->count == MOST_OPEN || tuple.length > TUPLE_BYTES) return;
  struct connection *connection = &sandbox->open[sandbox->count++];
  connection->id = id;
  connection->length = tuple.length;
  memcpy(connection->tuple, tuple.bytes, tuple.length);
}

static void say_begun(struct sandbox *sandbox, uint32_t id, struct attribute tuple) {
  struct attribute from = attribute_of(tuple, CTA_TUPLE_IP), kind = attribute_of(tuple, CTA_TUPLE_PROTO);
  struct attribute address = attribute_of(from, CTA_IP_V4_DST);
  uint64_t protocol = number_of(attribute_of(kind, CTA_PROTO_NUM));
  if (address.length != 4 || !may_say(sandbox)) return;
  remember(sandbox, id, tuple);
  char line[128], text[INET_ADDRSTRLEN];
  inet_ntop(AF_INET, address.bytes, text, sizeof text);
  say(line, (size_t)snprintf(line, sizeof line, "c %s %u %.3f %s %s %u\n", sandbox->id, id, now_ms(),
                             protocol_name((uint8_t)protocol), text,
                             (unsigned)number_of(attribute_of(kind, CTA_PROTO_DST_PORT))));
}

static void say_bytes(struct sandbox *sandbox, char what, uint32_t id, struct attribute all) {
  struct attribute sent = attribute_of(all, CTA_COUNTERS_ORIG), got = attribute_of(all, CTA_COUNTERS_REPLY);
  char line[128];
  say(line, (size_t)snprintf(line, sizeof line, "%c %s %u %.3f %llu %llu\n", what, sandbox->id, id, now_ms(),
                             (unsigned long long)number_of(attribute_of(sent, CTA_COUNTERS_BYTES)),
                             (unsigned long long)number_of(attribute_of(got, CTA_COUNTERS_BYTES))));
}

static int tcp_state(struct attribute all) {
  struct attribute tcp = attribute_of(attribute_of(all, CTA_PROTOINFO), CTA_PROTOINFO_TCP);
  return (int)number_of(attribute_of(tcp, CTA_PROTOINFO_TCP_STATE));
}

static void answered(struct sandbox *sandbox) {
  char line[32];
  if (sandbox->asked > 0 && --sandbox->asked == 0) say(line, (size_t)snprintf(line, sizeof line, ". %s\n", sandbox->id));
}

static void ended(struct sandbox *sandbox, uint32_t id, struct attribute all) {
  if (may_say(sandbox)) say_bytes(sandbox, 'd', id, all);
  forget(sandbox, id);
}

static void on_connection(struct sandbox *sandbox, const struct nlmsghdr *message) {
  struct attribute all = attributes_of(message), tuple = attribute_of(all, CTA_TUPLE_ORIG);
  uint32_t id = (uint32_t)number_of(attribute_of(all, CTA_ID));
  int kind = message->nlmsg_type & 0xff;
  if (message->nlmsg_type == NLMSG_ERROR) {
    /* One that was asked for has ended since, and is said as such. */
    if (message->nlmsg_seq == ASKED_NOW) answered(sandbox);
  } else if (message->nlmsg_seq == ASKED_NOW) {
    say_bytes(sandbox, 'o', id, all);
    answered(sandbox);
  } else if (message->nlmsg_seq == ASKED_AT_END || kind == IPCTNL_MSG_CT_DELETE) {
    ended(sandbox, id, all);
  } else if (message->nlmsg_flags & NLM_F_CREATE) {
    say_begun(sandbox, id, tuple);
  } else if (tcp_state(all) == TCP_CONNTRACK_TIME_WAIT || tcp_state(all) == TCP_CONNTRACK_CLOSE) {
    /* It is over, but the kernel remembers it for minutes. Only answers have the bytes. None that isn't said. */
    if (has_line(sandbox)) ask_connection(sandbox->connections, ASKED_AT_END, tuple);
  }
}

static void say_refused(struct sandbox *sandbox, const uint8_t *packet, size_t length, size_t head) {
  uint8_t protocol = packet[9];
  int has_ports = (protocol == IPPROTO_TCP || protocol == IPPROTO_UDP) && length >= head + 4;
  char line[128], text[INET_ADDRSTRLEN];
  inet_ntop(AF_INET, packet + 16, text, sizeof text);
  unsigned port = has_ports ? (unsigned)(packet[head + 2] << 8 | packet[head + 3]) : 0;
  say(line, (size_t)snprintf(line, sizeof line, "r %s %.3f %s %s %u\n", sandbox->id, now_ms(),
                             protocol_name(protocol), text, port));
}

static void say_names(struct sandbox *sandbox, const uint8_t *answer, size_t length) {
  static const char digits[] = "0123456789abcdef";
  char line[32 + 2 * LOG_BYTES];
  size_t at = (size_t)snprintf(line, sizeof line, "n %s ", sandbox->id);
  for (size_t i = 0; i < length && i < LOG_BYTES; i++) {
    line[at++] = digits[answer[i] >> 4];
    line[at++] = digits[answer[i] & 15];
  }
  line[at++] = '\n';
  say(line, at);
}

/* A rule's prefix says what a packet is: `r`, refused, or `n`, names. */
static void on_packet(struct sandbox *sandbox, const struct nlmsghdr *message) {
  struct attribute all = attributes_of(message);
  struct attribute prefix = attribute_of(all, NFULA_PREFIX), packet = attribute_of(all, NFULA_PAYLOAD);
  if (prefix.length == 0 || packet.length < 20 || packet.bytes[0] >> 4 != 4 || !may_say(sandbox)) return;
  size_t head = (size_t)(packet.bytes[0] & 15) * 4;
  if (prefix.bytes[0] == 'r') say_refused(sandbox, packet.bytes, packet.length, head);
  else if (packet.length > head + 8) say_names(sandbox, packet.bytes + head + 8, packet.length - head - 8);
}

/* What the kernel had no room for may have been answers. */
static void lost(struct sandbox *sandbox) {
  sandbox->has_lost = 1;
  if (sandbox->asked > 1) sandbox->asked = 1;
  answered(sandbox);
}

static void drain(struct sandbox *sandbox, int fd, void (*take)(struct sandbox *, const struct nlmsghdr *)) {
  for (int taken = 0; taken < MOST_AT_ONCE; taken++) {
    ssize_t got = recv(fd, received, sizeof received, 0);
    if (got < 0 && errno == ENOBUFS) lost(sandbox);
    else if (got <= 0) return;
    /* Signed: NLMSG_NEXT may take more than is left. */
    ssize_t left = got < 0 ? 0 : got;
    for (struct nlmsghdr *message = (void *)received; NLMSG_OK(message, left); message = NLMSG_NEXT(message, left))
      take(sandbox, message);
  }
}

/* Names first: what is reached by one comes behind it. */
static void drain_both(struct sandbox *sandbox) {
  drain(sandbox, sandbox->log, on_packet);
  drain(sandbox, sandbox->connections, on_connection);
}

static int find(const char *id) {
  for (int i = 0; i < MOST_SANDBOXES; i++)
    if (sandboxes[i] != NULL && strcmp(sandboxes[i]->id, id) == 0) return i;
  return -1;
}

static void open_sandbox(const char *id, const char *file) {
  int slot = 0, namespace = open(file, O_RDONLY | O_CLOEXEC);
  while (slot < MOST_SANDBOXES && sandboxes[slot] != NULL) slot++;
  if (namespace < 0 || slot == MOST_SANDBOXES || setns(namespace, CLONE_NEWNET) < 0) {
    fprintf(stderr, "the network of sandbox %s can't be watched: %s\n", id, strerror(errno));
    if (namespace >= 0) close(namespace);
    return;
  }
  struct sandbox *sandbox = calloc(1, sizeof *sandbox);
  if (sandbox == NULL) exit(1);
  snprintf(sandbox->id, sizeof sandbox->id, "%s", id);
  sandbox->lines = BURST;
  sandbox->refilled = now_ms();
  sandbox->connections = open_connections();
  sandbox->log = open_log();
  if (sandbox->connections < 0 || sandbox->log < 0)
    fprintf(stderr, "the network of sandbox %s can't be watched: %s\n", id, strerror(errno));
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = sandbox};
  epoll_ctl(poll_fd, EPOLL_CTL_ADD, sandbox->connections, &event);
  epoll_ctl(poll_fd, EPOLL_CTL_ADD, sandbox->log, &event);
  sandboxes[slot] = sandbox;
  if (setns(own_namespace, CLONE_NEWNET) < 0) exit(1);
  close(namespace);
}

static void close_sandbox(const char *id) {
  int slot = find(id);
  if (slot < 0) return;
  struct sandbox *sandbox = sandboxes[slot];
  drain_both(sandbox);
  for (int i = 0; i < sandbox->count; i++) {
    struct attribute tuple = {sandbox->open[i].tuple, sandbox->open[i].length};
    ask_connection(sandbox->connections, ASKED_AT_END, tuple);
  }
  drain(sandbox, sandbox->connections, on_connection);
  char line[32];
  say(line, (size_t)snprintf(line, sizeof line, "- %s\n", id));
  close(sandbox->connections);
  close(sandbox->log);
  free(sandbox);
  sandboxes[slot] = NULL;
}

static void look_at(const char *id) {
  int slot = find(id);
  char line[32];
  if (slot < 0) {
    say(line, (size_t)snprintf(line, sizeof line, ". %.16s\n", id));
    return;
  }
  struct sandbox *sandbox = sandboxes[slot];
  drain_both(sandbox);
  say_lost(sandbox);
  if (sandbox->asked > 0) return;
  /* One more than there are: the answers may come while we ask. */
  sandbox->asked = 1;
  for (int i = 0; i < sandbox->count; i++) {
    struct attribute tuple = {sandbox->open[i].tuple, sandbox->open[i].length};
    if (ask_connection(sandbox->connections, ASKED_NOW, tuple) == 0) sandbox->asked++;
  }
  answered(sandbox);
  drain(sandbox, sandbox->connections, on_connection);
}

static void on_command(char *line) {
  char id[17] = "", file[200] = "";
  if (sscanf(line, "+ %16s %199s", id, file) == 2) open_sandbox(id, file);
  else if (sscanf(line, "- %16s", id) == 1) close_sandbox(id);
}

static void on_question(char *line) {
  char id[17] = "";
  if (sscanf(line, "? %16s", id) == 1) look_at(id);
}

struct lines {
  int fd;
  void (*take)(char *line);
  char held[4096];
  size_t length;
};

/* A side that has gone, or that sends what is no line, ends us. */
static void read_lines(struct lines *lines) {
  ssize_t got = read(lines->fd, lines->held + lines->length, sizeof lines->held - lines->length - 1);
  if (got < 0 && (errno == EINTR || errno == EAGAIN)) return;
  if (got <= 0) exit(0);
  lines->length += (size_t)got;
  lines->held[lines->length] = 0;
  char *at = lines->held, *end;
  while ((end = strchr(at, '\n')) != NULL) {
    *end = 0;
    lines->take(at);
    at = end + 1;
  }
  lines->length = strlen(at);
  memmove(lines->held, at, lines->length);
}

int main(void) {
  static struct lines supervisor = {.fd = 0, .take = on_command}, server = {.fd = 1, .take = on_question};
  struct rlimit files;
  if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
  }
  signal(SIGPIPE, SIG_IGN);
  own_namespace = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
  poll_fd = epoll_create1(EPOLL_CLOEXEC);
  struct epoll_event from[2] = {{.events = EPOLLIN, .data.ptr = &supervisor}, {.events = EPOLLIN, .data.ptr = &server}};
  if (own_namespace < 0 || poll_fd < 0 || epoll_ctl(poll_fd, EPOLL_CTL_ADD, 0, &from[0]) < 0) return 1;
  if (epoll_ctl(poll_fd, EPOLL_CTL_ADD, 1, &from[1]) < 0) return 1;
  say("!\n", 2);
  for (;;) {
    /* One at a time: a sandbox may be gone by the next. */
    struct epoll_event event;
    int ready = epoll_wait(poll_fd, &event, 1, -1);
    if (ready < 0 && errno != EINTR) return 1;
    if (ready <= 0) continue;
    if (event.data.ptr == &supervisor || event.data.ptr == &server) read_lines(event.data.ptr);
    else drain_both(event.data.ptr);
  }
}
