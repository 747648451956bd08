// The runs that are going on in this process, by id, so that one can be ended: its instance ends it, and the
// run's outcome is then `cancelled`. Decides nothing about who may. Filled by attempt-run.ts.
import type { LogLines } from '../logs/log-lines.ts';
import type { Instance } from '../sandbox/instance.ts';

export type ActiveRun = {
  attempt: number;
  /** What the attempt has printed so far; null until its code is called. */
  log: LogLines | null;
  /** null until it has one. */
  instance: Pick<Instance, 'cancel'> | null;
  isCancelled: boolean;
};

const NOTHING: LogLines['lines'] = [];

export class ActiveRuns {
  readonly #active = new Map<string, ActiveRun>();

  begin(runId: string, attempt: number): ActiveRun {
    const active: ActiveRun = { attempt, log: null, instance: null, isCancelled: false };
    this.#active.set(runId, active);
    return active;
  }

  /**
   * @param ended what {@link begin} gave: the same run may have begun again here, while its abandoned attempt
   * was still ending
   */
  end(runId: string, ended: ActiveRun): void {
    if (this.#active.get(runId) === ended) this.#active.delete(runId);
  }

  /** What a run's attempt in hand has printed so far; null: it isn't going on here. Still growing. */
  printedBy(runId: string): { attempt: number; lines: LogLines['lines'] } | null {
    const active = this.#active.get(runId);
    return active === undefined ? null : { attempt: active.attempt, lines: active.log?.lines ?? NOTHING };
  }

  /** Ends a run's instance, or keeps it from getting one. @returns whether the run is going on here */
  cancel(runId: string): boolean {
    const active = this.#active.get(runId);
    if (active === undefined) return false;
    active.isCancelled = true;
    active.instance?.cancel(runId);
    return true;
  }
}
