// A run as it is accepted: what its cause knows of it. Made by triggers, events, schedules and the API;
// enqueue-store.ts writes it in the same transaction as the cause.
import type { World } from '../accounts/account.ts';
import type { RunCause } from '../runs/run.ts';
import type { RunInput } from '../runs/run-input.ts';

export type NewRun = World & {
  /** Of newRunId. */
  id: string;
  functionId: string;
  input: RunInput;
  /** For people, shown in lists; see {@link RunCause}. */
  cause: RunCause;
  triggerId: string | null;
  eventId: string | null;
  /** When it may run: so long after now on the database's clock, or at a time. */
  due: { afterMs: number } | { at: Date };
  /** null: whichever version is active when it runs. */
  version: number | null;
  /** The run that it repeats. */
  replayOf: string | null;
};
