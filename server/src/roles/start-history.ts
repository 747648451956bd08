// Starts what keeps the history of runs: its days, which are there before anything writes, and the move of
// runs from before there was a history. Called by open-execution.ts.
import { makeDays, startHistoryKeeper } from '../runs/history-keeper.ts';
import { startHistoryMover } from '../runs/history-mover.ts';
import type { Platform } from './platform.ts';

export async function startHistory({
  config,
  database,
  log,
  endings,
}: Pick<Platform, 'config' | 'database' | 'log' | 'endings'>): Promise<void> {
  const { runRetentionDays, inputRetentionDays, logRetentionDays } = config.limits;
  const keptDays = {
    ended_runs: runRetentionDays,
    run_contents: Math.min(inputRetentionDays, runRetentionDays),
    run_logs: Math.min(logRetentionDays, runRetentionDays),
    run_calls: Math.min(logRetentionDays, runRetentionDays),
    run_correlations: runRetentionDays,
  };
  // What can't be made now is made in a minute: until then the default partition takes what is written.
  await makeDays({ database, log }).catch((error: unknown) =>
    log.warn({ err: error }, 'days of the history could not be made yet'),
  );
  const keeper = startHistoryKeeper({ database, keptDays, log });
  const mover = startHistoryMover({ database, keptDays: runRetentionDays, log });
  endings.push(() => Promise.all([keeper.stop(), mover.stop()]));
}
