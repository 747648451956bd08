// What is left of a run in its jail, and its end. Called by fork.c after the run's process has ended.
#ifndef MILLRACE_CLEAN_JAIL_H
#define MILLRACE_CLEAN_JAIL_H

#include <stdbool.h>

// Both return false when they aren't done by `deadline_ms` (clock_ms); the jail must then be given up.

// Kills and reaps every process but the caller and the jail's init. With `alone` the caller is known to be in a process
// namespace of its own; without it only descendants are touched.
bool kill_stragglers(bool alone, long deadline_ms);

// Removes everything inside `folder` (which stays), whatever its permissions, and what is attached to the folder itself.
bool empty_folder(const char *folder, long deadline_ms);

// Removes System V shared memory, semaphores and message queues of the caller's ipc namespace.
void remove_ipc_objects(void);

// Monotonic time.
long clock_ms(void);

#endif
