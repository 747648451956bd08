// The system calls that a jail may make: one table, from which seccomp-program.ts makes the kernel's filter.
// An allow-list in the manner of Docker's default profile, without what only widens the way into the kernel:
// io_uring, keys, tracing, namespaces, mounts. A call in none of the lists is unknown to us and answered with
// ENOSYS, so that libraries fall back to an older one. Numbers: the kernel's
// arch/x86/entry/syscalls/syscall_64.tbl and include/uapi/asm-generic/unistd.h.

export const architectures = ['x64', 'arm64'] as const;
/** As `process.arch` names them. */
export type Architecture = (typeof architectures)[number];

/** A call and its number on each architecture; null where there is none. */
export type SystemCall = { name: string } & Record<Architecture, number | null>;

/**
 * name x86_64/aarch64, with `-` where an architecture lacks it; a line that begins with `--` is a heading.
 */
const ALLOWED = `
  -- files and folders
  read 0/63, write 1/64, pread64 17/67, pwrite64 18/68, readv 19/65, writev 20/66, preadv 295/69,
  pwritev 296/70, preadv2 327/286, pwritev2 328/287, open 2/-, openat 257/56, openat2 437/437,
  creat 85/-, close 3/57, close_range 436/436, lseek 8/62, dup 32/23, dup2 33/-, dup3 292/24,
  fcntl 72/25, flock 73/32, fsync 74/82, fdatasync 75/83, sync 162/81, syncfs 306/267,
  sync_file_range 277/84, truncate 76/45, ftruncate 77/46, fallocate 285/47, fadvise64 221/223,
  readahead 187/213, copy_file_range 326/285, sendfile 40/71, splice 275/76, tee 276/77,
  vmsplice 278/75, pipe 22/-, pipe2 293/59, getdents 78/-, getdents64 217/61, getcwd 79/17,
  chdir 80/49, fchdir 81/50, mkdir 83/-, mkdirat 258/34, rmdir 84/-, link 86/-, linkat 265/37,
  symlink 88/-, symlinkat 266/36, unlink 87/-, unlinkat 263/35, rename 82/-, renameat 264/38,
  renameat2 316/276, readlink 89/-, readlinkat 267/78, chmod 90/-, fchmod 91/52, fchmodat 268/53,
  fchmodat2 452/452, chown 92/-, fchown 93/55, lchown 94/-, fchownat 260/54, umask 95/166, mknod 133/-,
  mknodat 259/33, access 21/-, faccessat 269/48, faccessat2 439/439, utime 132/-, utimes 235/-,
  utimensat 280/88, futimesat 261/-, cachestat 451/451
  -- what is known of files
  stat 4/-, fstat 5/80, lstat 6/-, newfstatat 262/79, statx 332/291, statfs 137/43, fstatfs 138/44,
  setxattr 188/5, lsetxattr 189/6, fsetxattr 190/7, getxattr 191/8, lgetxattr 192/9, fgetxattr 193/10,
  listxattr 194/11, llistxattr 195/12, flistxattr 196/13, removexattr 197/14, lremovexattr 198/15,
  fremovexattr 199/16, setxattrat 463/463, getxattrat 464/464, listxattrat 465/465,
  removexattrat 466/466, name_to_handle_at 303/264, inotify_init 253/-, inotify_init1 294/26,
  inotify_add_watch 254/27, inotify_rm_watch 255/28
  -- memory
  brk 12/214, mmap 9/222, munmap 11/215, mremap 25/216, mprotect 10/226, madvise 28/233, msync 26/227,
  mincore 27/232, mlock 149/228, mlock2 325/284, munlock 150/229, mlockall 151/230, munlockall 152/231,
  remap_file_pages 216/234, memfd_create 319/279, memfd_secret 447/447, membarrier 324/283,
  pkey_alloc 330/289, pkey_free 331/290, pkey_mprotect 329/288, map_shadow_stack 453/453,
  mseal 462/462
  -- processes and threads
  fork 57/-, vfork 58/-, execve 59/221, execveat 322/281, exit 60/93, exit_group 231/94, wait4 61/260,
  waitid 247/95, kill 62/129, tkill 200/130, tgkill 234/131, pidfd_open 434/434,
  pidfd_send_signal 424/424, process_mrelease 448/448, getpid 39/172, getppid 110/173, gettid 186/178,
  getpgid 121/155, setpgid 109/154, getpgrp 111/-, getsid 124/156, setsid 112/157,
  set_tid_address 218/96, set_robust_list 273/99, get_robust_list 274/100, rseq 334/293, prctl 157/167,
  arch_prctl 158/-, getcpu 309/168, uname 63/160, seccomp 317/277, landlock_create_ruleset 444/444,
  landlock_add_rule 445/445, landlock_restrict_self 446/446, restart_syscall 219/128, futex 202/98,
  futex_waitv 449/449, futex_wake 454/454, futex_wait 455/455, futex_requeue 456/456,
  set_thread_area 205/-, get_thread_area 211/-
  -- users and limits
  getuid 102/174, geteuid 107/175, getgid 104/176, getegid 108/177, getresuid 118/148,
  getresgid 120/150, getgroups 115/158, setuid 105/146, setgid 106/144, setreuid 113/145,
  setregid 114/143, setresuid 117/147, setresgid 119/149, setgroups 116/159, setfsuid 122/151,
  setfsgid 123/152, capget 125/90, capset 126/91, getrlimit 97/163, setrlimit 160/164,
  prlimit64 302/261, getrusage 98/165, times 100/153, sysinfo 99/179, getpriority 140/141,
  setpriority 141/140, ioprio_get 252/31, ioprio_set 251/30, sched_yield 24/124,
  sched_getaffinity 204/123, sched_setaffinity 203/122, sched_getattr 315/275, sched_setattr 314/274,
  sched_getparam 143/121, sched_setparam 142/118, sched_getscheduler 145/120,
  sched_setscheduler 144/119, sched_get_priority_max 146/125, sched_get_priority_min 147/126,
  sched_rr_get_interval 148/127
  -- signals
  rt_sigaction 13/134, rt_sigprocmask 14/135, rt_sigpending 127/136, rt_sigqueueinfo 129/138,
  rt_tgsigqueueinfo 297/240, rt_sigreturn 15/139, rt_sigsuspend 130/133, rt_sigtimedwait 128/137,
  sigaltstack 131/132, signalfd 282/-, signalfd4 289/74, pause 34/-, alarm 37/-
  -- time
  time 201/-, gettimeofday 96/169, clock_gettime 228/113, clock_getres 229/114,
  clock_nanosleep 230/115, nanosleep 35/101, adjtimex 159/171, clock_adjtime 305/266, getitimer 36/102,
  setitimer 38/103, timer_create 222/107, timer_delete 226/111, timer_getoverrun 225/109,
  timer_gettime 224/108, timer_settime 223/110, timerfd_create 283/85, timerfd_gettime 287/87,
  timerfd_settime 286/86
  -- waiting and events
  poll 7/-, ppoll 271/73, select 23/-, pselect6 270/72, epoll_create 213/-, epoll_create1 291/20,
  epoll_ctl 233/21, epoll_wait 232/-, epoll_pwait 281/22, epoll_pwait2 441/441, eventfd 284/-,
  eventfd2 290/19, io_setup 206/0, io_destroy 207/1, io_submit 209/2, io_cancel 210/3,
  io_getevents 208/4, io_pgetevents 333/292
  -- sockets
  bind 49/200, listen 50/201, accept 43/202, accept4 288/242, connect 42/203, shutdown 48/210,
  getsockname 51/204, getpeername 52/205, getsockopt 55/209, setsockopt 54/208, sendto 44/206,
  recvfrom 45/207, sendmsg 46/211, recvmsg 47/212, sendmmsg 307/269, recvmmsg 299/243
  -- between processes
  getrandom 318/278, mq_open 240/180, mq_unlink 241/181, mq_timedsend 242/182, mq_timedreceive 243/183,
  mq_notify 244/184, mq_getsetattr 245/185, msgget 68/186, msgsnd 69/189, msgrcv 70/188, msgctl 71/187,
  semget 64/190, semop 65/193, semctl 66/191, semtimedop 220/192, shmget 29/194, shmat 30/196,
  shmdt 67/197, shmctl 31/195
`;

/** Known, and refused with EPERM. */
const REFUSED = `
  -- other processes
  ptrace 101/117, process_vm_readv 310/270, process_vm_writev 311/271, process_madvise 440/440,
  pidfd_getfd 438/438, kcmp 312/272
  -- namespaces and mounts
  unshare 272/97, setns 308/268, chroot 161/51, pivot_root 155/41, mount 165/40, umount2 166/39,
  open_tree 428/428, open_tree_attr 467/467, move_mount 429/429, fsopen 430/430, fsconfig 431/431,
  fsmount 432/432, fspick 433/433, mount_setattr 442/442, statmount 457/457, listmount 458/458,
  open_by_handle_at 304/265, fanotify_init 300/262, fanotify_mark 301/263, quotactl 179/60,
  quotactl_fd 443/443
  -- wide pinholes into the kernel
  io_uring_setup 425/425, io_uring_enter 426/426, io_uring_register 427/427, bpf 321/280,
  userfaultfd 323/282, perf_event_open 298/241, add_key 248/217, request_key 249/218, keyctl 250/219,
  modify_ldt 154/-, iopl 172/-, ioperm 173/-, lookup_dcookie 212/18, vhangup 153/58,
  get_mempolicy 239/236, set_mempolicy 238/237, set_mempolicy_home_node 450/450, mbind 237/235,
  migrate_pages 256/238, move_pages 279/239, lsm_get_self_attr 459/459, lsm_set_self_attr 460/460,
  lsm_list_modules 461/461
  -- the machine itself
  kexec_load 246/104, kexec_file_load 320/294, init_module 175/105, finit_module 313/273,
  delete_module 176/106, create_module 174/-, query_module 178/-, get_kernel_syms 177/-,
  reboot 169/142, swapon 167/224, swapoff 168/225, sethostname 170/161, setdomainname 171/162,
  settimeofday 164/170, clock_settime 227/112, syslog 103/116, acct 163/89, nfsservctl 180/42,
  uselib 134/-, ustat 136/-, sysfs 139/-, _sysctl 156/-
`;

/** Answered with ENOSYS: its flags lie in memory, where no filter sees them; libc falls back to clone. */
const ABSENT = 'clone3 435/435';

/** Allowed when one of their conditions below holds, else refused with EPERM. */
const CONDITIONAL = 'clone 56/220, personality 135/92, ioctl 16/29, socket 41/198, socketpair 53/199';

/**
 * Looks at the low half of an argument, which is all that the kernel reads of these: `argument & mask` is (or
 * isn't) among some values.
 */
export type Check = { argument: number; mask?: number } & (
  | { in: readonly number[] }
  | { notIn: readonly number[] }
);
/** Met when all of its checks are. */
export type Condition = readonly Check[];

/** CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID and NEWNET. */
const NEW_NAMESPACES = 0x7e020000;
const [AF_UNIX, AF_INET, AF_INET6, AF_NETLINK] = [1, 2, 10, 16];
/** Any, ICMP, TCP, UDP, ICMPv6: the others would load modules into the kernel (SCTP, DCCP, L2TP). */
const INTERNET_PROTOCOLS = [0, 1, 6, 17, 58];
/** What getifaddrs asks; the other families of netlink configure and watch. */
const NETLINK_ROUTE = 0;
const PERSONALITY_ASK = 0xffffffff;
/** Type into a terminal for those who read it next; and TIOCLINUX, which pastes. */
const TERMINAL_INPUT = [0x5412, 0x541c];

export const conditions: Readonly<Record<string, readonly Condition[]>> = {
  clone: [[{ argument: 0, mask: NEW_NAMESPACES, in: [0] }]],
  personality: [[{ argument: 0, in: [0, PERSONALITY_ASK] }]],
  ioctl: [[{ argument: 1, notIn: TERMINAL_INPUT }]],
  socket: [
    [{ argument: 0, in: [AF_UNIX] }],
    [
      { argument: 0, in: [AF_INET, AF_INET6] },
      { argument: 2, in: INTERNET_PROTOCOLS },
    ],
    [
      { argument: 0, in: [AF_NETLINK] },
      { argument: 2, in: [NETLINK_ROUTE] },
    ],
  ],
  socketpair: [[{ argument: 0, in: [AF_UNIX] }]],
};

export const allowedCalls = parseCalls(ALLOWED);
export const refusedCalls = parseCalls(REFUSED);
export const absentCalls = parseCalls(ABSENT);
export const conditionalCalls = parseCalls(CONDITIONAL);

function parseCalls(text: string): SystemCall[] {
  return text
    .replace(/^\s*--.*$/gm, '')
    .split(/[,\n]/)
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
    .map(parseCall);
}

function parseCall(entry: string): SystemCall {
  const [, name, x64, arm64] = /^(\w+) (\d+|-)\/(\d+|-)$/.exec(entry) ?? [];
  if (name === undefined) throw new Error(`not a system call: ${entry}`);
  const numberOf = (digits: string | undefined): number | null => (digits === '-' ? null : Number(digits));
  return { name, x64: numberOf(x64), arm64: numberOf(arm64) };
}

/** Memory in them is no process's, and only a cgroup counts it: without one, programs do without them. */
export const CALLS_FOR_CGROUPS = ['memfd_create', 'memfd_secret', 'shmget'] as const;
