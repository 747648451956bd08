// The addon of the template: forks one child for a run, sleeps in the kernel until it has ended, and clears away what the
// run has left. Meanwhile no JavaScript and no event loop runs in the template. Loaded by template.cjs alone.
//
// template                           child
//   forkRuns()
//     clean <---------------+
//     fork -----------------|------->  forkRuns() returns; markReady(), waits for its run
//     waitpid               |          markBegun(): from here on the user's code runs
//       | <------ _exit ----|--------  exitNow()
//       +-------------------+
//
// The loop is in C, and makes no value of JavaScript's: what the template allocated for one child, every later one would have
// to collect.
#include <errno.h>
#include <limits.h>
#include <linux/sockios.h>
#include <malloc.h>
#include <node_api.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <uv.h>

#ifdef __GLIBC__
#if __GLIBC_PREREQ(2, 33)
#define HAS_MALLINFO2
#endif
#endif

#include "clean-jail.h"
#include "heap-arena.h"
#include "large-text.h"

// How far the child has come: the only memory that both share. The child lets go of it before the user's code runs.
enum { FORKED = 0, READY = 1, BEGUN = 2 };
static volatile int *stage;
static bool is_child = false;

static napi_value number(napi_env env, int value) {
  napi_value result;
  napi_create_int32(env, value, &result);
  return result;
}

static napi_value throw_errno(napi_env env, const char *what) {
  napi_throw_error(env, strerror(errno), what);
  return NULL;
}

static int int_argument(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value argument;
  int value = 0;
  napi_get_cb_info(env, info, &count, &argument, NULL, NULL);
  napi_get_value_int32(env, argument, &value);
  return value;
}

// becomeTemplate(): orphans of a run become the template's children, and no run can look into the template's memory.
static napi_value become_template(napi_env env, napi_callback_info info) {
  if (prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0) return throw_errno(env, "PR_SET_CHILD_SUBREAPER");
  if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) return throw_errno(env, "PR_SET_DUMPABLE");
  // POSIX message queues outlive a run and can't be listed without a mount: none can be made.
  struct rlimit none = {0, 0};
  if (setrlimit(RLIMIT_MSGQUEUE, &none) != 0) return throw_errno(env, "RLIMIT_MSGQUEUE");
  void *page = mmap(NULL, sizeof *stage, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (page == MAP_FAILED) return throw_errno(env, "mmap");
  stage = page;
  return NULL;
}

// What the children of forkRuns() get: the exit status of the run before, null in the first.
static napi_value in_child(napi_env env, pid_t parent, int exit_code) {
  uv_loop_t *loop;
  prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
  if (getppid() != parent) _exit(1);
  prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
  if (napi_get_uv_event_loop(env, &loop) != napi_ok || uv_loop_fork(loop) != 0) _exit(1);
  is_child = true;
  napi_value nothing;
  napi_get_null(env, &nothing);
  return exit_code < 0 ? nothing : number(env, exit_code);
}

// Orphans that the run leaves while it goes on are reaped, too: a zombie counts as a process of the jail.
static int wait_for(pid_t child) {
  int status;
  for (;;) {
    pid_t ended = waitpid(-1, &status, __WALL);
    if (ended == child) return status;
    if (ended < 0 && errno != EINTR) return -1;
  }
}

static napi_value mark_ready(napi_env env, napi_callback_info info) {
  *stage = READY;
  return NULL;
}

static napi_value mark_begun(napi_env env, napi_callback_info info) {
  if (!is_child) return NULL;  // a rehearsal
  *stage = BEGUN;
  munmap((void *)stage, sizeof *stage);
  return NULL;
}

// exitNow(status): ends this process without Node's own end, which joins threads that the fork did not take along.
static napi_value exit_now(napi_env env, napi_callback_info info) { _exit(int_argument(env, info)); }

// Ends the template the way its child has ended, so that the jail's exit shows it.
static void die_by(int number) {
  struct rlimit none = {0, 0};
  setrlimit(RLIMIT_CORE, &none);
  signal(number, SIG_DFL);
  raise(number);
  _exit(128 + number);
}

static napi_value pid(napi_env env, napi_callback_info info) { return number(env, getpid()); }

// In the user namespace that the machine starts with, each user is itself; every jail has one of its own.
static bool has_own_users(void) {
  unsigned inside = 0, outside = 0, count = 0;
  FILE *map = fopen("/proc/self/uid_map", "re");
  if (map == NULL) return false;
  int found = fscanf(map, "%u %u %u", &inside, &outside, &count);
  fclose(map);
  return found == 3 && count != UINT_MAX;
}

// Whether this process namespace is ours alone: we are its init, or the child of its init. Not by number: an OCI runtime's
// threads have used up the first few.
static bool is_jailed(void) { return (getpid() == 1 || getppid() == 1) && has_own_users(); }

// Waits until the other end has read all that was written to stdout and stderr.
static bool await_drained(long deadline_ms) {
  static const struct timespec NAP = {.tv_sec = 0, .tv_nsec = 50 * 1000};
  for (int descriptor = 1; descriptor <= 2; descriptor++) {
    int unread = 0;
    // What isn't a socket can't say.
    while (ioctl(descriptor, SIOCOUTQ, &unread) == 0 && unread > 0) {
      if (clock_ms() > deadline_ms) return false;
      nanosleep(&NAP, NULL);
    }
  }
  return true;
}

// Makes the jail what it was before its first run. Outside a jail /tmp is everybody's, and stays.
static bool clean(bool jailed, int bound_ms) {
  if (!kill_stragglers(jailed, clock_ms() + bound_ms)) return false;
  if (jailed) {
    long deadline_ms = clock_ms() + bound_ms;
    remove_ipc_objects();
    if (!empty_folder("/tmp", deadline_ms) || !empty_folder("/dev/shm", deadline_ms)) return false;
  }
  return await_drained(clock_ms() + bound_ms);
}

static bool is_closed(int descriptor) {
  struct pollfd one = {.fd = descriptor, .events = POLLRDHUP};
  return poll(&one, 1, 0) > 0 && (one.revents & (POLLRDHUP | POLLHUP | POLLERR)) != 0;
}

// Waits for a child's end. Returns its exit status; ends the template where there must be no next child.
static int exit_status_of(pid_t child, int control, int exit_not_begun) {
  int status = wait_for(child);
  if (status == -1) _exit(exit_not_begun);
  if (is_closed(control)) _exit(0);
  if (WIFSIGNALED(status)) die_by(WTERMSIG(status));
  if (*stage != BEGUN) _exit(exit_not_begun);
  return WEXITSTATUS(status);
}

// forkRuns(jailed, control, boundMs, exitUnclean, exitNotBegun, hasRoom): see above. Where there is room for it, code and
// heap go to large pages: behind a run, which doesn't wait for them, and only of a template that is really used.
enum { RUNS_BEFORE_LARGE_PAGES = 32 };

static napi_value fork_runs(napi_env env, napi_callback_info info) {
  size_t count = 6;
  napi_value arguments[6];
  bool jailed = false, has_room = false;
  int numbers[5];
  napi_get_cb_info(env, info, &count, arguments, NULL, NULL);
  napi_get_value_bool(env, arguments[0], &jailed);
  for (int i = 1; i < 5; i++) napi_get_value_int32(env, arguments[i], &numbers[i]);
  napi_get_value_bool(env, arguments[5], &has_room);
  // What isn't a jail isn't to be emptied.
  if (jailed && !is_jailed()) _exit(numbers[3]);
  pid_t self = getpid();
  int exit_code = -1;
  for (unsigned runs = 1;; runs++) {
    if (!clean(jailed, numbers[2])) _exit(numbers[3]);
    *stage = FORKED;
    pid_t child = fork();
    if (child == 0) return in_child(env, self, exit_code);
    if (child < 0) _exit(numbers[4]);
    exit_code = exit_status_of(child, numbers[1], numbers[4]);
    if (runs == RUNS_BEFORE_LARGE_PAGES && has_room) {
      enlarge_text();
      if (enlarge_heap != NULL) enlarge_heap();
    }
  }
}

// awaitReadable(descriptor): sleeps until there is something to read, or the other end is closed.
static napi_value await_readable(napi_env env, napi_callback_info info) {
  struct pollfd one = {.fd = int_argument(env, info), .events = POLLIN | POLLRDHUP};
  while (poll(&one, 1, -1) < 0 && errno == EINTR) continue;
  return NULL;
}

static napi_env watching_env;
static napi_ref on_empty_loop;
static uv_prepare_t watcher;

static void call_on_empty_loop(napi_env env) {
  napi_handle_scope scope;
  napi_value callback;
  napi_value global;
  napi_open_handle_scope(env, &scope);
  napi_get_reference_value(env, on_empty_loop, &callback);
  napi_get_global(env, &global);
  if (napi_make_callback(env, NULL, global, callback, 0, NULL, NULL) == napi_pending_exception) {
    napi_value thrown;
    napi_get_and_clear_last_exception(env, &thrown);
    napi_fatal_exception(env, thrown);
  }
  napi_close_handle_scope(env, scope);
}

static void watch_turn(uv_prepare_t *handle) {
  uv_unref((uv_handle_t *)handle);
  int is_alive = uv_loop_alive(handle->loop);
  uv_ref((uv_handle_t *)handle);
  if (!is_alive) call_on_empty_loop(watching_env);
}

// watchEmptyLoop(callback): called in every turn of the event loop in which nothing is left to do. From here on the loop doesn't
// end: before Node ends it, older ones wait for work of V8's threads, which the fork did not take along, for ever.
static napi_value watch_empty_loop(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value callback;
  uv_loop_t *loop;
  napi_get_cb_info(env, info, &count, &callback, NULL, NULL);
  watching_env = env;
  if (napi_create_reference(env, callback, 1, &on_empty_loop) != napi_ok ||
      napi_get_uv_event_loop(env, &loop) != napi_ok || uv_prepare_init(loop, &watcher) != 0 ||
      uv_prepare_start(&watcher, watch_turn) != 0)
    napi_throw_error(env, NULL, "the event loop can't be watched");
  return NULL;
}

// What malloc has free lies scattered between what lives: each piece that a child took would have a page copied. The
// pieces below the top of its heap are taken by the template for good; children then take from the top, side by side.
static void use_up_pieces(void) {
#ifdef HAS_MALLINFO2
  enum { LARGEST = 96 * 1024, SMALLEST = 16, STEP = 16, COARSE = 1024, COARSE_STEP = 256 };
  char *end = sbrk(0);
  char *top = end - mallinfo2().keepcost;
  for (size_t size = LARGEST; size >= SMALLEST; size -= size > COARSE ? COARSE_STEP : STEP) {
    char *piece = malloc(size);
    while (piece != NULL && piece < top) piece = malloc(size);
    free(piece);
  }
#endif
}

// settleMemory(): gives back to the kernel what malloc holds and doesn't use, and leaves one place to take from.
static napi_value settle_memory(napi_env env, napi_callback_info info) {
#ifdef __GLIBC__
  malloc_trim(0);
#endif
  use_up_pieces();
  return NULL;
}

// socketPair() -> [descriptor, descriptor]
static napi_value socket_pair(napi_env env, napi_callback_info info) {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends) != 0) return throw_errno(env, "socketpair");
  napi_value pair;
  napi_create_array_with_length(env, 2, &pair);
  napi_set_element(env, pair, 0, number(env, ends[0]));
  napi_set_element(env, pair, 1, number(env, ends[1]));
  return pair;
}

// fillRandom(typed array): from the kernel, which no fork copies.
static napi_value fill_random(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value argument;
  void *bytes;
  size_t length;
  napi_typedarray_type type;
  napi_get_cb_info(env, info, &count, &argument, NULL, NULL);
  if (napi_get_typedarray_info(env, argument, &type, &length, &bytes, NULL, NULL) != napi_ok) return NULL;
  size_t size = type == napi_uint32_array ? 4 * length : length;
  if (getrandom(bytes, size, 0) != (ssize_t)size) return throw_errno(env, "getrandom");
  return NULL;
}

static void export(napi_env env, napi_value exports, const char *name, napi_callback callback) {
  napi_value function;
  napi_create_function(env, name, NAPI_AUTO_LENGTH, callback, NULL, &function);
  napi_set_named_property(env, exports, name, function);
}

NAPI_MODULE_INIT() {
  export(env, exports, "becomeTemplate", become_template);
  export(env, exports, "forkRuns", fork_runs);
  export(env, exports, "markReady", mark_ready);
  export(env, exports, "markBegun", mark_begun);
  export(env, exports, "exitNow", exit_now);
  export(env, exports, "pid", pid);
  export(env, exports, "awaitReadable", await_readable);
  export(env, exports, "watchEmptyLoop", watch_empty_loop);
  export(env, exports, "settleMemory", settle_memory);
  export(env, exports, "socketPair", socket_pair);
  export(env, exports, "fillRandom", fill_random);
  return exports;
}
