// Opens what is seen of the outgoing calls of runs: who watches, whose they are, what is kept, and for how
// long. Where nobody can watch (no jails, or no program that does), the database says from when to when.
// Called by open-execution.ts.
import path from 'node:path';
import { installationName, runDir } from '../../../contract/paths.ts';
import { SUPERVISOR_SOCKET } from '../../../contract/supervisor-requests.ts';
import { systemClock } from '../clock/clock.ts';
import { HOURLY_MS, startRounds, sweepInBatches } from '../clock/rounds.ts';
import type { Config } from '../config/config.ts';
import { CallRecorder } from '../outgoing-calls/call-recorder.ts';
import { openCallSource } from '../outgoing-calls/call-source.ts';
import { closeGaps, deleteOldGaps, openGap } from '../outgoing-calls/call-store.ts';
import { CallTracker } from '../outgoing-calls/call-tracker.ts';
import { deleteOldEgress } from '../outgoing-calls/egress-day-store.ts';
import type { Foundation } from './open-foundation.ts';

export type OutgoingCalls = {
  tracker: CallTracker;
  /** Resolves when what can be known of a run's calls is in the database. */
  flush(runId: string): Promise<void>;
};

type Parts = Pick<Foundation, 'config' | 'log' | 'endings' | 'database' | 'node' | 'publishOwn'>;

const BATCH_ROWS = 5_000;

export function openOutgoingCalls(parts: Parts): OutgoingCalls {
  const { config, log, endings, database, node, publishOwn } = parts;
  const recorder = new CallRecorder({ database, publishOwn, log });
  const gaps = createGapKeeper(parts);
  const look = (sandbox: string): void => source?.look(sandbox);
  const tracker = new CallTracker({ look, onSeen: (seen) => recorder.add(seen), clock: systemClock });
  gaps.set(false);
  const source =
    config.sandbox === 'none'
      ? null
      : openCallSource({
          socketPath: path.join(supervisorDir(config), SUPERVISOR_SOCKET),
          onLine: (line) => tracker.take(line),
          onState: (isWatching) => {
            tracker.watching(isWatching);
            gaps.set(isWatching);
          },
          log,
        });
  const sweeping = startRounds({
    everyMs: HOURLY_MS,
    round: async (stopping) => {
      const { egressRetentionDays, runRetentionDays } = config.limits;
      const day = (batch: number): Promise<number> => deleteOldEgress(database, egressRetentionDays, batch);
      await sweepInBatches(day, BATCH_ROWS, stopping);
      const gap = (batch: number): Promise<number> => deleteOldGaps(database, runRetentionDays, batch);
      await sweepInBatches(gap, BATCH_ROWS, stopping);
    },
    onError: (error) => log.warn({ err: error }, 'old outgoing calls could not be deleted'),
  });
  endings.push(async () => {
    await sweeping.stop();
    tracker.close();
    source?.close();
    await recorder.flush();
    await gaps.close();
  });
  log.debug({ node: node.id }, 'outgoing calls are followed');
  return {
    tracker,
    flush: async (runId) => {
      await tracker.settled(runId);
      await recorder.flush();
    },
  };
}

/** Where the supervisor's socket is. */
export function supervisorDir(config: Config): string {
  return config.withoutRoot?.runDir ?? runDir(config.installation ?? installationName(config.dataDir));
}

/** Writes one state after the other. */
function createGapKeeper({ database, node, log }: Pick<Parts, 'database' | 'node' | 'log'>): {
  set(isWatching: boolean): void;
  close(): Promise<void>;
} {
  let writing: Promise<unknown> = Promise.resolve();
  const set = (isWatching: boolean): void => {
    const write = isWatching ? closeGaps : openGap;
    writing = writing
      .then(() => write(database, node.id))
      .catch((error: unknown) => log.warn({ err: error }, 'whether outgoing calls are seen is not written'));
  };
  return {
    set,
    close: async () => {
      await writing;
    },
  };
}
