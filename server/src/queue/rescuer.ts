// Looks for nodes that haven't renewed their lease, ends their lives and takes their runs. A background
// service of every node; several at a time share the work. So a dead node's runs are others' within the lease
// and one look. Its timer is its own, not startRounds: the start of a worker asks for a look behind the one
// in hand, and waits for it.
import type { Logger } from 'pino';
import type { Database } from '../postgres/database.ts';
import { deleteLostNodes } from './node-store.ts';
import { takeLostRuns } from './rescue-store.ts';
import { notifyEnds, type RunEndings } from './run-endings.ts';

const BATCH_RUNS = 500;

export type RescuerParts = {
  database: Database;
  endings: RunEndings;
  /** This life of this node, now. */
  node(): string;
  mostLosses: number;
  /** Between two looks. */
  everyMs: number;
  /** Called when runs were queued again. */
  wake(): void;
  log: Logger;
};

export type Rescuer = {
  /** Looks now. @returns how many runs were taken */
  rescue(): Promise<number>;
  stop(): Promise<unknown>;
};

export function startRescuer(parts: RescuerParts): Rescuer {
  let rescuing: Promise<number> = Promise.resolve(0);
  const look = (): Promise<number> => {
    rescuing = rescuing.then(
      () => rescueAll(parts),
      () => rescueAll(parts),
    );
    return rescuing;
  };
  const timer = setInterval(() => {
    look().catch((error: unknown) =>
      parts.log.warn({ err: error }, 'runs of lost nodes could not be looked for'),
    );
  }, parts.everyMs);
  return {
    rescue: look,
    stop: () => {
      clearInterval(timer);
      return rescuing.catch(() => {});
    },
  };
}

async function rescueAll(parts: RescuerParts): Promise<number> {
  const lost = await deleteLostNodes(parts.database, parts.node());
  for (const node of lost) parts.log.warn({ node }, 'a node is lost: its lease has passed');
  let total = 0;
  for (;;) {
    const taken = await parts.database.transaction(async (sql) => {
      const runs = await takeLostRuns(sql, parts.mostLosses, BATCH_RUNS);
      await notifyEnds(parts.endings, sql, runs);
      return runs;
    });
    if (taken.length === 0) break;
    total += taken.length;
    reportRescued(parts, taken);
  }
  return total;
}

function reportRescued({ log, wake }: RescuerParts, taken: readonly { status: string }[]): void {
  const count = (status: string): number => taken.filter((run) => run.status === status).length;
  const counts = { queuedAgain: count('queued'), closed: count('crashed'), dead: count('dead') };
  log.warn(counts, 'runs of lost nodes were taken');
  if (counts.queuedAgain > 0) wake();
}
