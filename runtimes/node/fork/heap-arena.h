// Moves V8's heap and malloc's to pages of 2 MB, as far as they are in use: see heap-arena.c. NULL where that isn't preloaded.
extern void enlarge_heap(void) __attribute__((weak));
