// Preloaded (LD_PRELOAD) into the template process. V8 marks its heap MADV_DONTFORK: a forked child would have none. This
// `madvise` ignores that one advice and hands every other one to the kernel.
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

int madvise(void *address, size_t size, int advice) {
  if (advice == MADV_DONTFORK) return 0;
  return (int)syscall(SYS_madvise, address, size, advice);
}
