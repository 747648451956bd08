// How a process that the launcher keeps running says why it ended, by its exit status. Read by
// launcher/keep-running.ts.

/** It could not start; none that Node gives by itself, as it gives 1 for an error that nothing caught. */
export const COULD_NOT_START = 20;
/** It had started and could not go on. */
export const DIED = 2;
