// How the server's process gets memory from the C library: large blocks one by one from the kernel, so that
// they go back to it when they are free. By itself glibc raises that threshold to 32 MB and keeps what a
// burst of large requests has left in its heaps. What an operator sets wins. Read by the launchers.

export const GIVING_MEMORY_BACK = { MALLOC_MMAP_THRESHOLD_: '131072', MALLOC_ARENA_MAX: '2' } as const;
