// The runs that are going on in this process, by id, so that somebody can end one: its instance ends it, and the run's
// outcome is then `cancelled`. Decides nothing about who may. Filled by attempt-run.ts.
import type { Instance } from '../sandbox/instance.ts';

export type GoingRun = {
  /** null until it has one. */
  instance: Pick<Instance, 'cancel'> | null;
  isCancelled: boolean;
};

export class GoingRuns {
  readonly #going = new Map<string, GoingRun>();

  begin(runId: string): GoingRun {
    const going: GoingRun = { instance: null, isCancelled: false };
    this.#going.set(runId, going);
    return going;
  }

  /** @param ended what {@link begin} gave: the same run may have begun again here, while its abandoned attempt was still ending */
  end(runId: string, ended: GoingRun): void {
    if (this.#going.get(runId) === ended) this.#going.delete(runId);
  }

  /** Ends a run's instance, or keeps it from getting one. @returns whether the run is going on here */
  cancel(runId: string): boolean {
    const going = this.#going.get(runId);
    if (going === undefined) return false;
    going.isCancelled = true;
    going.instance?.cancel(runId);
    return true;
  }
}
