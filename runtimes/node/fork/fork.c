// The addon of the template: forks one child for a run, sleeps in the kernel until it has ended, and clears away what the
// run has left. Meanwhile no JavaScript and no event loop runs in the template. Loaded by template.cjs alone.
//
// template                           child
//   forkChild() ---------- fork ---->  returns null: warms up, markReady(), waits for its run
//     | waitpid                        markBegun(): from here on the user's code runs
//     | <-------------- _exit --------  exitNow()
//   returns { stage, exitCode, signal }
#include <errno.h>
#include <limits.h>
#include <linux/sockios.h>
#include <malloc.h>
#include <node_api.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
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

#include "clean-jail.h"

// How far the child has come: the only memory that both share. The child lets go of it before the user's code runs.
enum { FORKED = 0, READY = 1, BEGUN = 2 };
static volatile int *stage;

static napi_value number(napi_env env, int value) {
  napi_value result;
  napi_create_int32(env, value, &result);
  return result;
}

static napi_value boolean(napi_env env, bool value) {
  napi_value result;
  napi_get_boolean(env, value, &result);
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

static napi_value in_child(napi_env env, pid_t parent) {
  uv_loop_t *loop;
  prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
  if (getppid() != parent) _exit(1);
  prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
  if (napi_get_uv_event_loop(env, &loop) != napi_ok || uv_loop_fork(loop) != 0) _exit(1);
  napi_value nothing;
  napi_get_null(env, &nothing);
  return nothing;
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

// forkChild(): null in the child; in the template, after the child's end, how it ended.
static napi_value fork_child(napi_env env, napi_callback_info info) {
  pid_t parent = getpid();
  *stage = FORKED;
  pid_t child = fork();
  if (child == 0) return in_child(env, parent);
  if (child < 0) return throw_errno(env, "fork");
  int status = wait_for(child);
  if (status == -1) return throw_errno(env, "waitpid");
  napi_value ended;
  napi_create_object(env, &ended);
  napi_set_named_property(env, ended, "stage", number(env, *stage));
  napi_set_named_property(env, ended, "exitCode", number(env, WIFEXITED(status) ? WEXITSTATUS(status) : -1));
  napi_set_named_property(env, ended, "signal", number(env, WIFSIGNALED(status) ? WTERMSIG(status) : 0));
  return ended;
}

static napi_value mark_ready(napi_env env, napi_callback_info info) {
  *stage = READY;
  return NULL;
}

static napi_value mark_begun(napi_env env, napi_callback_info info) {
  *stage = BEGUN;
  munmap((void *)stage, sizeof *stage);
  return NULL;
}

// exitNow(status): ends this process without Node's own end, which joins threads that the fork did not take along.
static napi_value exit_now(napi_env env, napi_callback_info info) { _exit(int_argument(env, info)); }

// dieBy(signal): ends the template the way its child has ended, so that the jail's exit tells it.
static napi_value die_by(napi_env env, napi_callback_info info) {
  int number = int_argument(env, info);
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

// killStragglers(jailed, boundMs) -> whether none is left
static napi_value kill_stragglers_in(napi_env env, napi_callback_info info) {
  size_t count = 2;
  napi_value arguments[2];
  bool jailed = false;
  int bound_ms = 0;
  napi_get_cb_info(env, info, &count, arguments, NULL, NULL);
  napi_get_value_bool(env, arguments[0], &jailed);
  napi_get_value_int32(env, arguments[1], &bound_ms);
  return boolean(env, kill_stragglers(jailed && is_jailed(), clock_ms() + bound_ms));
}

// cleanJail(boundMs) -> whether the jail is as it was. Refuses outside a jail, where /tmp is everybody's.
static napi_value clean_jail(napi_env env, napi_callback_info info) {
  if (!is_jailed()) return boolean(env, false);
  long deadline_ms = clock_ms() + int_argument(env, info);
  remove_ipc_objects();
  return boolean(env, empty_folder("/tmp", deadline_ms) && empty_folder("/dev/shm", deadline_ms));
}

// awaitDrained(boundMs): waits until the other end has read all that was written to stdout and stderr.
static napi_value await_drained(napi_env env, napi_callback_info info) {
  static const struct timespec NAP = {.tv_sec = 0, .tv_nsec = 50 * 1000};
  long deadline_ms = clock_ms() + int_argument(env, info);
  for (int descriptor = 1; descriptor <= 2; descriptor++) {
    int unread = 0;
    // What isn't a socket can't tell.
    while (ioctl(descriptor, SIOCOUTQ, &unread) == 0 && unread > 0) {
      if (clock_ms() > deadline_ms) return boolean(env, false);
      nanosleep(&NAP, NULL);
    }
  }
  return boolean(env, true);
}

// awaitReadable(descriptor): sleeps until there is something to read, or the other end is closed.
static napi_value await_readable(napi_env env, napi_callback_info info) {
  struct pollfd one = {.fd = int_argument(env, info), .events = POLLIN | POLLRDHUP};
  while (poll(&one, 1, -1) < 0 && errno == EINTR) continue;
  return NULL;
}

// isClosed(descriptor): whether the other end is closed.
static napi_value is_closed(napi_env env, napi_callback_info info) {
  struct pollfd one = {.fd = int_argument(env, info), .events = POLLRDHUP};
  return boolean(env, poll(&one, 1, 0) > 0 && (one.revents & (POLLRDHUP | POLLHUP | POLLERR)) != 0);
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

// trimMemory(): gives back to the kernel what malloc holds and doesn't use.
static napi_value trim_memory(napi_env env, napi_callback_info info) {
#ifdef __GLIBC__
  malloc_trim(0);
#endif
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
  export(env, exports, "forkChild", fork_child);
  export(env, exports, "markReady", mark_ready);
  export(env, exports, "markBegun", mark_begun);
  export(env, exports, "exitNow", exit_now);
  export(env, exports, "dieBy", die_by);
  export(env, exports, "pid", pid);
  export(env, exports, "killStragglers", kill_stragglers_in);
  export(env, exports, "cleanJail", clean_jail);
  export(env, exports, "awaitDrained", await_drained);
  export(env, exports, "awaitReadable", await_readable);
  export(env, exports, "isClosed", is_closed);
  export(env, exports, "watchEmptyLoop", watch_empty_loop);
  export(env, exports, "trimMemory", trim_memory);
  export(env, exports, "socketPair", socket_pair);
  export(env, exports, "fillRandom", fill_random);
  return exports;
}
