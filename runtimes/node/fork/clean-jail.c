// Ends what a run has left behind in its jail: processes, files, System V objects. Runs with no privilege: it is the
// owner of all of that. Never leaves the folders that it is given, follows no link, and stops at its deadline.
#include "clean-jail.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <time.h>
#include <unistd.h>

static const struct timespec NAP = {.tv_sec = 0, .tv_nsec = 100 * 1000};

long clock_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

// Signals each child once. Their own children become ours when they die, since we are their subreaper: the next round's.
static void kill_children(void) {
  char name[64];
  snprintf(name, sizeof name, "/proc/self/task/%d/children", getpid());
  FILE *children = fopen(name, "re");
  if (children == NULL) return;
  int pid;
  while (fscanf(children, "%d", &pid) == 1) kill(pid, SIGKILL);
  fclose(children);
}

bool kill_stragglers(bool alone, long deadline_ms) {
  for (;;) {
    // One kill of all is atomic: not even a fork bomb gets a process past it.
    if (alone) kill(-1, SIGKILL);
    else kill_children();
    pid_t reaped;
    do reaped = waitpid(-1, NULL, WNOHANG | __WALL);
    while (reaped > 0);
    if (reaped < 0 && errno == ECHILD) return true;
    if (clock_ms() > deadline_ms) return false;
    nanosleep(&NAP, NULL);
  }
}

static bool is_dot(const char *name) { return strcmp(name, ".") == 0 || strcmp(name, "..") == 0; }

// Opens a folder of ours for reading and writing although its permissions may forbid it.
static DIR *open_folder(int parent, const char *name) {
  struct stat found;
  if (fstatat(parent, name, &found, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISDIR(found.st_mode)) return NULL;
  if ((found.st_mode & 0700) != 0700) fchmodat(parent, name, 0700, 0);
  int descriptor = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  return descriptor < 0 ? NULL : fdopendir(descriptor);
}

// Removes what `folder` holds; folders that aren't empty move up to `top` instead, so that no depth is too deep for us.
static void flatten(DIR *folder, int top, unsigned *moved) {
  int here = dirfd(folder);
  struct dirent *entry;
  while ((entry = readdir(folder)) != NULL) {
    if (is_dot(entry->d_name)) continue;
    if (unlinkat(here, entry->d_name, 0) == 0) continue;
    if (unlinkat(here, entry->d_name, AT_REMOVEDIR) == 0) continue;
    char name[32];
    snprintf(name, sizeof name, ".%u", (*moved)++);
    // A folder can be moved only if we may write into it: its `..` changes.
    fchmodat(here, entry->d_name, 0700, 0);
    renameat(here, entry->d_name, top, name);
  }
}

// One pass over `top`. Returns whether nothing was there any more.
static bool empty_once(DIR *top, unsigned *moved, long deadline_ms) {
  bool was_empty = true;
  struct dirent *entry;
  rewinddir(top);
  while ((entry = readdir(top)) != NULL) {
    if (is_dot(entry->d_name)) continue;
    was_empty = false;
    if (clock_ms() > deadline_ms) return false;
    if (unlinkat(dirfd(top), entry->d_name, 0) == 0) continue;
    if (unlinkat(dirfd(top), entry->d_name, AT_REMOVEDIR) == 0) continue;
    DIR *folder = open_folder(dirfd(top), entry->d_name);
    if (folder == NULL) continue;
    flatten(folder, dirfd(top), moved);
    closedir(folder);
    unlinkat(dirfd(top), entry->d_name, AT_REMOVEDIR);
  }
  return was_empty;
}

// A folder can carry data without any file: extended attributes (access lists among them), permissions, times.
static void reset_folder(int folder, mode_t mode) {
  char names[64 * 1024];
  ssize_t size = flistxattr(folder, names, sizeof names);
  for (ssize_t at = 0; at < size; at += (ssize_t)strlen(names + at) + 1) fremovexattr(folder, names + at);
  fchmod(folder, mode);
  futimens(folder, NULL);
}

bool empty_folder(const char *path, long deadline_ms) {
  struct stat before;
  if (stat(path, &before) != 0) return errno == ENOENT;
  DIR *top = open_folder(AT_FDCWD, path);
  if (top == NULL) return false;
  unsigned moved = 0;
  bool done = false;
  while (!done && clock_ms() <= deadline_ms) done = empty_once(top, &moved, deadline_ms);
  reset_folder(dirfd(top), 0700);
  closedir(top);
  return done;
}

static void remove_shared_memory(void) {
  struct shm_info info;
  int highest = shmctl(0, SHM_INFO, (struct shmid_ds *)&info);
  for (int i = 0; i <= highest && info.used_ids > 0; i++) {
    struct shmid_ds one;
    int id = shmctl(i, SHM_STAT, &one);
    if (id >= 0) shmctl(id, IPC_RMID, NULL);
  }
}

static void remove_semaphores(void) {
  struct seminfo info;
  int highest = semctl(0, 0, SEM_INFO, &info);
  for (int i = 0; i <= highest && info.semusz > 0; i++) {
    struct semid_ds one;
    int id = semctl(i, 0, SEM_STAT, &one);
    if (id >= 0) semctl(id, 0, IPC_RMID);
  }
}

static void remove_message_queues(void) {
  struct msginfo info;
  int highest = msgctl(0, MSG_INFO, (struct msqid_ds *)&info);
  for (int i = 0; i <= highest && info.msgpool > 0; i++) {
    struct msqid_ds one;
    int id = msgctl(i, MSG_STAT, &one);
    if (id >= 0) msgctl(id, IPC_RMID, NULL);
  }
}

void remove_ipc_objects(void) {
  remove_shared_memory();
  remove_semaphores();
  remove_message_queues();
}
