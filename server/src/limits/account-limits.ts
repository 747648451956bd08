// What an account may use, over all nodes. Types only: account-limits-store.ts reads them, account-gate.ts
// holds to them.

/** null: there is no such limit. */
export type AccountLimits = {
  /** Begun in a minute. */
  runsPerMinute: number | null;
  /** That runs take in a minute, all together. */
  executionSecondsPerMinute: number | null;
  /** That go on at a time. */
  concurrentRuns: number | null;
  /** That wait. Counted where runs are accepted: queue/queue-depth.ts. */
  queuedRuns: number | null;
  /** Of the body of a request for a function. null: the installation's alone, which it never exceeds. */
  payloadBytes: number | null;
};

/** As an account, or its plan, sets them; null: as the installation has it, 0: none. */
export type OwnLimits = { [Name in keyof AccountLimits]: number | null };

/** @param usual of the installation; 0: none. Pure. */
export function effectiveLimits(own: OwnLimits, usual: Record<keyof AccountLimits, number>): AccountLimits {
  const limitOf = (name: keyof AccountLimits): number | null => {
    const limit = own[name] ?? usual[name];
    return limit === 0 ? null : limit;
  };
  return {
    runsPerMinute: limitOf('runsPerMinute'),
    executionSecondsPerMinute: limitOf('executionSecondsPerMinute'),
    concurrentRuns: limitOf('concurrentRuns'),
    queuedRuns: limitOf('queuedRuns'),
    payloadBytes:
      own.payloadBytes !== null && own.payloadBytes < usual.payloadBytes ? own.payloadBytes : null,
  };
}
