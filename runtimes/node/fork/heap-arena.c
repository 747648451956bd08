// Preloaded (LD_PRELOAD) into the template process: gives V8 the memory of its heap. V8 itself takes chunks of 256 KB from random
// places and marks them MADV_DONTFORK, so that a forked child would have no heap. Here the mark is ignored, and chunks lie side by
// side in one arena. A template that is really used then moves them to pages of 2 MB: a fork copies one entry in place of 512,
// and a child's end gives one back. Whatever else is asked for, or finds no room, goes to the kernel as it is.

// Both names of mmap are answered here; where offsets are asked to be of 64 bits, the headers make one of the other.
#undef _FILE_OFFSET_BITS
#include "heap-arena.h"

#include <fcntl.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

// Of Linux 6.1 and later; an older kernel, or older headers, refuse it or don't know it.
#ifndef MADV_COLLAPSE
#define MADV_COLLAPSE 25
#endif

#define CHUNK_BYTES ((size_t)256 * 1024)
#define CHUNKS ((size_t)4096)
#define ARENA_BYTES (CHUNKS * CHUNK_BYTES)
#define LARGE_PAGE_BYTES ((size_t)2 * 1024 * 1024)
// Larger ones are places for code, and objects that are better off by themselves.
#define LARGEST_BYTES ((size_t)32 * 1024 * 1024)
// Part of a large page that must be in use for it to be made: the rest of it is memory that is taken for nothing.
#define LEAST_USE 2

static char *arena;
static bool is_taken[CHUNKS];
// Threads of a run's own have heaps, too.
static atomic_flag is_locked = ATOMIC_FLAG_INIT;
static char *first_break;

static void lock(void) {
  while (atomic_flag_test_and_set_explicit(&is_locked, memory_order_acquire)) sched_yield();
}

static void unlock(void) { atomic_flag_clear_explicit(&is_locked, memory_order_release); }

static char *aligned_up(char *address) {
  return (char *)(((uintptr_t)address + LARGE_PAGE_BYTES - 1) & ~(LARGE_PAGE_BYTES - 1));
}

static void *kernel_mmap(void *address, size_t size, int protection, int flags, int file, off_t offset) {
  return (void *)syscall(SYS_mmap, address, size, protection, flags, file, offset);
}

static bool is_limited(int resource) {
  struct rlimit limit;
  return getrlimit(resource, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY;
}

// Whether what could be written to is counted as if it were: by a limit of this process, or by the kernel for all
// (vm.overcommit_memory=2). The arena would then be a gigabyte for the template, and another for each child.
static bool counts_addresses(void) {
  if (is_limited(RLIMIT_DATA) || is_limited(RLIMIT_AS)) return true;
  char mode = '0';
  int file = open("/proc/sys/vm/overcommit_memory", O_RDONLY | O_CLOEXEC);
  if (file < 0) return false;
  ssize_t size = read(file, &mode, 1);
  close(file);
  return size == 1 && mode == '2';
}

// Addresses alone: memory is taken when it is written to. One area with one kind of access, or no large page would span it.
__attribute__((constructor)) static void reserve_arena(void) {
  first_break = sbrk(0);
  if (counts_addresses()) return;
  int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
  void *place = kernel_mmap(NULL, ARENA_BYTES + LARGE_PAGE_BYTES, PROT_READ | PROT_WRITE, flags, -1, 0);
  if (place != MAP_FAILED) arena = aligned_up(place);
}

static bool is_in_arena(const char *start, size_t size) {
  return arena != NULL && start >= arena && size <= ARENA_BYTES && start <= arena + (ARENA_BYTES - size);
}

// The first place for so many chunks; NULL when there is none.
static char *take_chunks(size_t count) {
  size_t free_ones = 0;
  for (size_t i = 0; i < CHUNKS; i++) {
    free_ones = is_taken[i] ? 0 : free_ones + 1;
    if (free_ones < count) continue;
    for (size_t j = 0; j < count; j++) is_taken[i - j] = true;
    return arena + (i + 1 - count) * CHUNK_BYTES;
  }
  return NULL;
}

// V8 asks for its heap at an address, which is a wish, and for more than it needs, of which it gives back what isn't aligned.
static bool is_for_heap(const void *address, size_t size, int protection, int flags) {
  if (arena == NULL || address == NULL || size <= CHUNK_BYTES || size > LARGEST_BYTES) return false;
  return (flags & ~MAP_NORESERVE) == (MAP_PRIVATE | MAP_ANONYMOUS) && (protection & PROT_EXEC) == 0;
}

void *mmap64(void *address, size_t size, int protection, int flags, int file, off_t offset) {
  if (is_for_heap(address, size, protection, flags)) {
    lock();
    char *place = take_chunks((size + CHUNK_BYTES - 1) / CHUNK_BYTES);
    unlock();
    if (place != NULL) return place;
  }
  return kernel_mmap(address, size, protection, flags, file, offset);
}

void *mmap(void *address, size_t size, int protection, int flags, int file, off_t offset) {
  return mmap64(address, size, protection, flags, file, offset);
}

// What is given back is empty again, as new memory is, and stays a part of the arena. A chunk that is given back in part is given
// back from some place to its end, and can't be had again, unless that place is its beginning.
int munmap(void *address, size_t size) {
  if (!is_in_arena(address, size)) return (int)syscall(SYS_munmap, address, size);
  if (syscall(SYS_mprotect, address, size, PROT_READ | PROT_WRITE) != 0) return -1;
  if (syscall(SYS_madvise, address, size, MADV_DONTNEED) != 0) return -1;
  size_t start = (size_t)((char *)address - arena);
  lock();
  for (size_t i = (start + CHUNK_BYTES - 1) / CHUNK_BYTES; i * CHUNK_BYTES < start + size; i++) is_taken[i] = false;
  unlock();
  return 0;
}

int madvise(void *address, size_t size, int advice) {
  if (advice == MADV_DONTFORK) return 0;
  return (int)syscall(SYS_madvise, address, size, advice);
}

static bool is_worth_it(char *large_page) {
  static unsigned char present[LARGE_PAGE_BYTES / 4096];
  size_t pages = LARGE_PAGE_BYTES / (size_t)sysconf(_SC_PAGESIZE), used = 0;
  if (mincore(large_page, LARGE_PAGE_BYTES, present) != 0) return false;
  for (size_t i = 0; i < pages; i++) used += present[i] & 1;
  return used >= pages / LEAST_USE;
}

static void enlarge(char *start, char *end) {
  for (char *at = aligned_up(start); at + LARGE_PAGE_BYTES <= end; at += LARGE_PAGE_BYTES)
    if (is_worth_it(at)) syscall(SYS_madvise, at, LARGE_PAGE_BYTES, MADV_COLLAPSE);
}

void enlarge_heap(void) {
  if (arena != NULL) enlarge(arena, arena + ARENA_BYTES);
  enlarge(first_break, sbrk(0));
}
