// Moves the runs that had ended before there was a history from `runs` to their days, while Millrace serves:
// a portion a transaction, dead letters first, then from the oldest on. What isn't moved is read where it is,
// so that nothing is missing meanwhile, and nothing twice. A node that dies in between has lost nothing: the
// next one goes on behind the last portion. A background service of every node, one of which moves at a time;
// ends when all are moved. Built by roles/open-execution.ts.
import type { Logger } from 'pino';
import { type Rounds, startRounds } from '../clock/rounds.ts';
import { tryLockWhole } from '../postgres/advisory-locks.ts';
import type { Database } from '../postgres/database.ts';
import { DAILY_TABLES, databaseDay, listDays, makeDay } from './history-days-store.ts';
import {
  endMove,
  findDead,
  findMove,
  lookBehind,
  moveLeftLogs,
  moveOld,
  noteMoved,
} from './history-move-store.ts';
import { type Day, dayOfId } from './run-time.ts';

export type HistoryMoverParts = {
  database: Database;
  /** Days that runs are kept: older ones get no day of their own. */
  keptDays: number;
  log: Logger;
  portion?: number;
};

const PORTION = 2_000;
/** Logs may be long: 1,500 of 200 KB took 7 s of a busy machine. Few first, and more as it turns out. */
const FIRST_PORTION = 100;
const LONG_MS = 1_000;
const ROUND_MS = 10_000;
/** Others have the database in between. */
const PAUSE_MS = 20;

export function startHistoryMover(parts: HistoryMoverParts): Rounds {
  let isOver = false;
  let portion = FIRST_PORTION;
  return startRounds({
    everyMs: ROUND_MS,
    round: async (stopping) => {
      while (!isOver && !stopping.aborted) {
        const begunAt = performance.now();
        // What doesn't end in time is rolled back: then half of it is tried.
        const tried = portion;
        portion = nextPortion(tried, Number.POSITIVE_INFINITY);
        const moved = await movePortion({ ...parts, portion: tried });
        portion = nextPortion(tried, performance.now() - begunAt);
        if (moved === 'busy') return;
        if (moved === 'over') isOver = true;
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      }
    },
    onError: (error) => parts.log.warn({ err: error }, 'old runs could not be moved: trying again'),
  });
}

/** Pure. */
export function nextPortion(runs: number, tookMs: number): number {
  if (tookMs > LONG_MS) return Math.ceil(runs / 2);
  return tookMs < LONG_MS / 4 ? Math.min(2 * runs, PORTION) : runs;
}

/** @returns `busy`: another node moves; `over`: all are moved */
export async function movePortion(parts: HistoryMoverParts): Promise<'moved' | 'busy' | 'over'> {
  const { database, portion = PORTION, log } = parts;
  const { movedTo, isOver } = await findMove(database);
  if (isOver) return 'over';
  const dead = await findDead(database, portion);
  const looked = dead.length > 0 ? dead : await lookBehind(database, movedTo, portion);
  const ended = looked.filter(({ isEnded }) => isEnded).map(({ id }) => id);
  await makeDaysOf(parts, ended);
  return await database.transaction(async (sql) => {
    if (!(await tryLockWhole(sql, 'history_move'))) return 'busy';
    await moveOld(sql, ended);
    if (dead.length > 0) return 'moved';
    const last = looked.at(-1);
    if (last !== undefined) {
      await noteMoved(sql, last.id);
      return 'moved';
    }
    // Of runs that went on when they were looked at.
    if ((await moveLeftLogs(sql, portion)) > 0) return 'moved';
    await endMove(sql);
    log.info('all runs of before are in the history');
    return 'over';
  });
}

/** What is older than runs are kept goes to the default partition, and from there in time. */
async function makeDaysOf({ database, keptDays }: HistoryMoverParts, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  const { day: today } = await databaseDay(database);
  const days = new Set<Day>(ids.map(dayOfId).filter((day) => day > today - keptDays && day <= today));
  for (const table of DAILY_TABLES) {
    const there = new Set(await listDays(database, table));
    for (const day of days) if (!there.has(day)) await makeDay(database, table, day);
  }
}
