// What was sent, what was answered, and what became of it: the judge of every fault. Pure: given causes by
// load.ts and of runs by fault-scene.ts. A cause whose answer never came may be there or not; one that was
// accepted must be.

export type CauseKind = 'event' | 'signed webhook' | 'webhook' | 'async call' | 'schedule';

export type Cause = {
  key: string;
  kind: CauseKind;
  /** `unknown`: asked, and no answer came. `refused`: an answer that promises nothing. */
  answer: 'accepted' | 'refused' | 'unknown';
  /** Ids that the answer named. */
  runIds: readonly string[];
};

export type FoundRun = {
  id: string;
  status: string;
  attempts: number;
  endedAt: string | null;
  /** Type of what went wrong, as the run shows. */
  error: string | null;
  /** Attempts before the last one, as the run shows. */
  earlier: number;
  /** Those of them that were seen to end by the function's fault: what they did before counts apart. */
  brokenOff: number;
  /** What the attempts that were written have done: each writes its cause's key once. */
  did: readonly string[];
};

/** Kinds whose sender names the cause: asking again, as often as they like, is one cause. */
const ONCE: readonly CauseKind[] = ['event', 'signed webhook', 'schedule'];
const FINAL = ['succeeded', 'failed', 'timed_out', 'out_of_memory', 'crashed', 'cancelled', 'dead'];

export function isFinal({ status }: Pick<FoundRun, 'status'>): boolean {
  return FINAL.includes(status);
}

/** @returns in words: what was lost, done twice, stuck, or made up; none: all is well */
export function judge(causes: readonly Cause[], runs: readonly FoundRun[]): string[] {
  return [...lostCauses(causes, runs), ...repeatedCauses(causes, runs), ...runs.flatMap(problemsOf)];
}

function lostCauses(causes: readonly Cause[], runs: readonly FoundRun[]): string[] {
  const ids = new Set(runs.map(({ id }) => id));
  const keys = new Set(runs.flatMap(({ did }) => did));
  return causes
    .filter(({ answer }) => answer === 'accepted')
    .filter(({ key, runIds }) => !keys.has(key) || runIds.some((id) => !ids.has(id)))
    .map(({ kind, key }) => `lost: ${kind} ${key} was accepted and did not happen`);
}

function repeatedCauses(causes: readonly Cause[], runs: readonly FoundRun[]): string[] {
  const byKey = new Map(causes.map((cause) => [cause.key, cause]));
  const counts = new Map<string, number>();
  for (const { did } of runs) for (const key of new Set(did)) counts.set(key, (counts.get(key) ?? 0) + 1);
  return [...counts].flatMap(([key, count]) => {
    const cause = byKey.get(key);
    if (cause === undefined) return [`made up: nobody sent ${key}`];
    const isTwice = count > 1 && (ONCE.includes(cause.kind) || cause.answer === 'accepted');
    return isTwice ? [`twice: ${cause.kind} ${key} has ${count} runs`] : [];
  });
}

function problemsOf(run: FoundRun): string[] {
  const { id, status, attempts, error, earlier, brokenOff, did } = run;
  const problems: string[] = [];
  if (!isFinal(run)) problems.push(`stuck: run ${id} is ${status} after ${attempts} attempts`);
  else if (status !== 'succeeded')
    problems.push(`spoiled: run ${id} is ${status} (${error}) at attempt ${attempts}`);
  if (did.length > 1 + brokenOff)
    problems.push(`finished twice: run ${id} tells of ${did.length} attempts that did it`);
  if (isFinal(run) && attempts !== earlier + 1) {
    problems.push(`miscounted: run ${id} has ${attempts} attempts and tells of ${earlier} before the last`);
  }
  return problems;
}

/** @returns runs that were final at the first look and are otherwise at the second */
export function changedAfterEnd(first: readonly FoundRun[], second: readonly FoundRun[]): string[] {
  const later = new Map(second.map((run) => [run.id, run]));
  return first.filter(isFinal).flatMap((run) => {
    const now = later.get(run.id);
    const isSame = now !== undefined && now.status === run.status && now.endedAt === run.endedAt;
    return isSame
      ? []
      : [`changed after its end: run ${run.id}, ${run.status} and then ${now?.status ?? 'gone'}`];
  });
}
