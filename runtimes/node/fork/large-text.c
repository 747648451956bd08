// Puts the machine code of this program (40 MB of Node) on pages of 2 MB. It is the same code at the same addresses; but a
// child then has 20 pages of it in place of some 4,000, which it would fault in, and its end would unmap, for every run.
// The copy counts as memory of the sandbox. Does nothing where the kernel has no such pages to give.
#include "large-text.h"

#include <link.h>
#include <stddef.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>

#define PAGE_BYTES ((uintptr_t)2 * 1024 * 1024)
// Faults that filling one page may take if it is large: it is 512 if it isn't.
#define MOST_FAULTS 64

typedef struct {
  char *start;
  size_t size;
} Range;

// Called with the program itself first. Finds the whole large pages within its code.
static int find_text(struct dl_phdr_info *program, size_t size, void *found) {
  for (int i = 0; i < program->dlpi_phnum; i++) {
    const ElfW(Phdr) *part = &program->dlpi_phdr[i];
    if (part->p_type != PT_LOAD || !(part->p_flags & PF_X)) continue;
    uintptr_t start = program->dlpi_addr + part->p_vaddr, end = start + part->p_memsz;
    start = (start + PAGE_BYTES - 1) & ~(PAGE_BYTES - 1);
    end &= ~(PAGE_BYTES - 1);
    if (end > start) *(Range *)found = (Range){(char *)start, end - start};
  }
  return 1;
}

static long faults(void) {
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_minflt;
}

// Copies to a place that is aligned to large pages. Returns false when the first one isn't large.
static bool copy_text(char *to, Range text) {
  if (madvise(to, text.size, MADV_HUGEPAGE) != 0) return false;
  long before = faults();
  memcpy(to, text.start, PAGE_BYTES);
  if (faults() - before > MOST_FAULTS) return false;
  memcpy(to + PAGE_BYTES, text.start + PAGE_BYTES, text.size - PAGE_BYTES);
  return mprotect(to, text.size, PROT_READ | PROT_EXEC) == 0;
}

void enlarge_text(void) {
  Range text = {NULL, 0};
  dl_iterate_phdr(find_text, &text);
  if (text.size == 0) return;
  size_t room = text.size + PAGE_BYTES;
  char *place = mmap(NULL, room, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (place == MAP_FAILED) return;
  char *to = (char *)(((uintptr_t)place + PAGE_BYTES - 1) & ~(PAGE_BYTES - 1));
  // One call puts the copy in place of the original: no thread ever meets a gap.
  if (copy_text(to, text)) mremap(to, text.size, text.size, MREMAP_MAYMOVE | MREMAP_FIXED, text.start);
  munmap(place, room);
}
