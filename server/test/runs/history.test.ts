// The history in a real PostgreSQL: its days come, go and hold up nobody; runs of before there was one move
// to it while they are read, also when the mover is killed; and what a page of a list reads doesn't grow with
// it.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';
import { pino } from 'pino';
import { newRunId } from '../../src/ids/ids.ts';
import { LogLines } from '../../src/logs/log-lines.ts';
import { DAILY_TABLES, dropDay, listDays, makeDay, mayDropDays } from '../../src/runs/history-days-store.ts';
import { dropDays, makeDays, overDays } from '../../src/runs/history-keeper.ts';
import { movePortion } from '../../src/runs/history-mover.ts';
import { RUN_STATUSES, type Run, type StoredRun } from '../../src/runs/run.ts';
import { EVERY_RUN, listRuns, type RunFilter } from '../../src/runs/run-list-store.ts';
import { findLogLines } from '../../src/runs/run-log-store.ts';
import { RunRecorder } from '../../src/runs/run-recorder.ts';
import { findRun } from '../../src/runs/run-store.ts';
import { DAY_MS, dayOfId } from '../../src/runs/run-time.ts';
import type { TestDatabase } from '../database/open-test-database.ts';
import { until } from '../until.ts';
import { fill, openHistory, WORLD } from './history-scene.ts';

const log = pino({ level: 'silent' });
const today = (): number => Math.floor(Date.now() / DAY_MS);
const never = new AbortController().signal;

describe('the history of runs', () => {
  let database: TestDatabase;
  before(async () => {
    database = await openHistory();
  });
  after(() => database?.close());
  afterEach(async () => {
    await database.query('truncate runs, old_run_logs, ended_runs, run_contents, run_logs');
    await database.query(
      "update history_state set moved_to = null, moved_at = null, dropped_at = '-infinity'",
    );
  });

  const count = async (table: string): Promise<number> =>
    (await database.query<{ n: number }>(`select count(*) as n from ${table}`))[0]?.n ?? -1;
  const record = async (atMs: number): Promise<string> => {
    const keys = { seal: async (plain: Buffer) => plain, unseal: async (sealed: Buffer) => sealed };
    const recorder = new RunRecorder({ database, node: () => 'n', log, keys });
    const run: Run = {
      ...WORLD,
      ...{ id: newRunId(atMs), functionId: 'f', version: 1, trigger: 'http', cause: {}, status: 'succeeded' },
      ...{ attempts: 1, memoryMb: 128, createdAtMs: atMs, startedAtMs: atMs, endedAtMs: atMs, durationMs: 1 },
      ...{ initMs: null, memoryPeakBytes: null, error: null, engine: null, responseStatus: 200 },
    };
    const lines = new LogLines(1_000);
    lines.push('stdout', Buffer.from('x\n'), atMs);
    recorder.finish(run, lines, { input: () => Buffer.from('given') });
    await recorder.flush();
    return run.id;
  };
  const isWhole = async (id: string): Promise<void> => {
    assert.equal((await findRun(database, WORLD, id))?.isInputKept, true);
    assert.equal((await findLogLines(database, WORLD, id)).lines.length, 1);
  };

  test('takes runs of any day, also of one that has no partition: a day that is made later takes them over', async () => {
    const [yesterday, midnight] = [Date.now() - DAY_MS, today() * DAY_MS];
    const jumped = Date.now() + 20 * DAY_MS;
    const before = await Promise.all([yesterday, midnight - 1, midnight, jumped].map(record));
    await makeDays({ database, log });
    assert.equal(await count('ended_runs_default'), 1, 'the one that is far ahead');
    const behind = await Promise.all([yesterday, midnight - 1, midnight, jumped].map(record));
    assert.equal(await count('ended_runs_default'), 2);
    for (const id of [...before, ...behind]) await isWhole(id);
    for (const table of DAILY_TABLES) {
      assert.equal(await makeDay(database, table, dayOfId(newRunId(jumped))), true);
    }
    assert.equal(await count('ended_runs_default'), 0);
    for (const id of [...before, ...behind]) await isWhole(id);
    assert.equal(await count('all_runs'), 8);
  });

  test('makes a day while runs are written to it: none is lost, none is refused', async () => {
    const at = Date.now() + 30 * DAY_MS;
    const ids: string[] = [];
    let isMade = false;
    const writing = (async () => {
      while (!isMade || ids.length < 50) ids.push(await record(at + ids.length));
    })();
    await until('some are written', async () => ids.length > 5);
    for (const table of DAILY_TABLES) {
      await until('the day is made', () =>
        makeDay(database, table, dayOfId(newRunId(at))).catch(() => false),
      );
    }
    isMade = true;
    await writing;
    assert.equal(await count('all_runs'), ids.length);
    assert.equal(await count('ended_runs_default'), 0);
    for (const id of ids) await isWhole(id);
  });

  test('gives up a lock that another has, and tries again', async () => {
    const day = today() + 40;
    await database.transaction(async (sql) => {
      await sql.query('lock table ended_runs_default in access share mode');
      await assert.rejects(makeDay(database, 'ended_runs', day), /lock timeout/);
    });
    assert.equal(await makeDay(database, 'ended_runs', day), true);
    await dropDay(database, 'ended_runs', day);
  });

  test('drops days whose time is over, whole and a few at a time, contents and logs before runs', async () => {
    const days = [1, 2, 3, 10, 11, 12, 13, 14, 15].map((ago) => today() - ago);
    for (const day of days) {
      for (const table of DAILY_TABLES) await makeDay(database, table, day);
      await record((day + 0.5) * DAY_MS);
    }
    const keptDays = { ended_runs: 9, run_contents: 2, run_logs: 1, run_calls: 1, run_correlations: 9 };
    await dropDays({ database, log, keptDays }, never);
    const left = async (table: 'ended_runs' | 'run_contents' | 'run_logs') =>
      (await listDays(database, table)).filter((day) => days.includes(day)).length;
    assert.deepEqual(
      [await left('ended_runs'), await left('run_contents'), await left('run_logs')],
      [5, 5, 5],
    );
    await dropDays({ database, log, keptDays }, never);
    assert.equal(await left('ended_runs'), 5, 'a clock that jumps ahead costs no more at once');
    await database.query("update history_state set dropped_at = '-infinity'");
    await dropDays({ database, log, keptDays }, never);
    assert.deepEqual(
      [await left('ended_runs'), await left('run_contents'), await left('run_logs')],
      [3, 2, 1],
    );
    assert.deepEqual(
      [await count('ended_runs'), await count('run_contents'), await count('run_logs')],
      [3, 2, 1],
    );
    assert.equal(await mayDropDays(database, 50), false);
    assert.deepEqual(overDays([3, 1, 2], 3 * DAY_MS), [1, 2], 'a day is over when its last moment is');
  });
});

describe('a run of before there was a history', () => {
  let database: TestDatabase;
  before(async () => {
    database = await openHistory();
    await fill(database, { table: 'runs', count: 20_000, days: 40 });
    await database.query(
      `insert into old_run_logs (run_id, account_id, lines) select id, account_id, '[{"text":"before"}]' from runs`,
    );
    await database.query(
      `update runs set status = case when id::text like '%1' then 'queued' else 'running' end::run_status
       where id in (select id from runs where id::text like '%1' or id::text like '%2' order by id limit 500)`,
    );
    await database.query('update history_state set moved_to = null, moved_at = null');
  });
  after(() => database?.close());

  test('is moved while it is read, by a mover that is killed again and again: each is there once at any time', async () => {
    const script = path.join(import.meta.dirname, 'move-history.ts');
    const seen = new Set<number>();
    let kills = 0;
    for (let isOver = false; !isOver; ) {
      const mover = spawn(process.execPath, [script, database.url], { stdio: 'inherit' });
      const ended = once(mover, 'exit');
      let isRunning = true;
      void ended.then(() => {
        isRunning = false;
      });
      const begun = seen.size;
      while (isRunning && seen.size < begun + 4) seen.add(await look());
      if (isRunning && kills < 4) {
        mover.kill('SIGKILL');
        kills += 1;
      }
      const [code, signal] = (await ended) as [number | null, string | null];
      assert.ok(code === 0 || signal === 'SIGKILL', `the mover ended with ${code}`);
      isOver = code === 0;
    }
    assert.equal(kills, 4);
    assert.ok(seen.size > 10, 'it was looked at between portions');
    const [left] = await database.query(
      `select (select count(*) from runs) as going, (select count(*) from ended_runs) as ended,
         (select count(*) from old_run_logs) as old, (select count(*) from run_logs) as logs,
         (select count(*) from ended_runs_default) as oddly, (select count(distinct id) from all_runs) as ids`,
    );
    assert.deepEqual(left, {
      going: 500,
      ended: 19_500,
      old: 0,
      logs: 20_000,
      oddly: left?.oddly,
      ids: 20_000,
    });
  });

  /** @returns how many are moved */
  async function look(): Promise<number> {
    const [row] = await database.query<{ n: number; ids: number; moved: number; logs: number }>(
      `select (select count(*) from all_runs) as n, (select count(distinct id) from all_runs) as ids,
         (select count(*) from ended_runs) as moved,
         (select count(*) from run_logs) + (select count(*) from old_run_logs) as logs`,
    );
    assert.deepEqual([row?.n, row?.ids, row?.logs], [20_000, 20_000, 20_000]);
    return row?.moved ?? 0;
  }

  test('is over once: another look finds nothing to do', async () => {
    assert.equal(await movePortion({ database, keptDays: 30, log }), 'over');
  });
});

describe('a list of runs', () => {
  let database: TestDatabase;
  before(async () => {
    database = await openHistory();
    for (let ago = 0; ago < 12; ago += 1) await makeDay(database, 'ended_runs', today() - ago);
    await fill(database, { table: 'ended_runs', count: 20_000, days: 10 });
    await fill(database, { table: 'ended_runs', count: 2_000, days: 10, accountId: 'BB0002' });
    // Some that aren't moved yet, and some that wait.
    await fill(database, { table: 'runs', count: 100, days: 20 });
    await database.query(
      `update runs set status = 'queued' where id::text < '${newRunId(Date.now() - 10 * DAY_MS)}'`,
    );
    await database.query('vacuum analyze');
  });
  after(() => database?.close());

  const timesOf = (...days: number[]) => days.map((ago) => new Date(Date.now() - ago * DAY_MS));
  const [createdBefore = null, createdAfter = null] = timesOf(1.5, 4.2);
  const FILTERS: Partial<RunFilter>[] = [
    {},
    { functionIds: ['f3'] },
    { functionIds: ['f3', 'f4'] },
    { functionIds: ['nothing'] },
    ...RUN_STATUSES.map((status) => ({ statuses: [status] })),
    ...['http', 'account_event', 'webhook', 'schedule'].map((trigger) => ({ trigger })),
    { createdAfter },
    { createdBefore },
    { eventIds: ['e500', 'e501', 'e3000'] },
  ];

  test('has what each filter means, and any two of them together, page by page, newest first', async () => {
    for (const [at, one] of FILTERS.entries()) {
      for (const other of FILTERS.slice(at)) {
        const filter = { ...EVERY_RUN, ...one, ...other };
        const wanted = await byLooking(filter);
        const listed: StoredRun[] = [];
        for (let after: string | null = null; ; ) {
          const page: StoredRun[] = await listRuns(database, WORLD, { ...filter, after }, 120);
          listed.push(...page);
          if (page.length < 120 || listed.length >= 240) break;
          after = page.at(-1)?.id ?? null;
        }
        assert.deepEqual(
          listed.map(({ id }) => id),
          wanted.slice(0, listed.length),
          JSON.stringify(filter),
        );
        assert.equal(listed.length, Math.min(wanted.length, 240), JSON.stringify(filter));
      }
    }
  });

  async function byLooking(filter: RunFilter): Promise<string[]> {
    const { functionIds, statuses, trigger, eventIds } = filter;
    const rows = await database.query<{ id: string }>(
      `select id from all_runs where account_id = 'AA0001' and mode = 'live'
         and ($1::text[] is null or function_id = any ($1)) and ($2::run_status[] is null or status = any ($2))
         and ($3::text is null or trigger = $3) and ($4::timestamptz is null or created_at > $4)
         and ($5::timestamptz is null or created_at < $5) and ($6::text[] is null or event_id = any ($6))
       order by id desc limit 240`,
      [functionIds, statuses, trigger, filter.createdAfter, filter.createdBefore, eventIds],
    );
    return rows.map(({ id }) => id);
  }

  test('reads no more of a history ten times as long', async () => {
    const filters = [
      { statuses: ['timed_out' as const] },
      { trigger: 'schedule' },
      { functionIds: ['f3'] },
      {},
    ];
    const few = await Promise.all(filters.map((filter) => blocksOf(filter)));
    await fill(database, { table: 'ended_runs', count: 200_000, days: 9.99 });
    await database.query('vacuum analyze ended_runs');
    const many = await Promise.all(filters.map((filter) => blocksOf(filter)));
    for (const [at, blocks] of many.entries()) {
      assert.ok(
        blocks < 3 * (few[at] ?? 0) + 300,
        `${JSON.stringify(filters[at])}: ${few[at]}, then ${blocks} blocks`,
      );
      assert.ok(blocks < 2_500, `${JSON.stringify(filters[at])}: ${blocks} blocks`);
    }
  });

  test('of an account that has none reads nothing of another, which has nearly all, each like the other', async () => {
    await database.query('truncate ended_runs');
    await fill(database, { table: 'ended_runs', count: 60_000, days: 9.99, areAlike: true });
    await database.query('vacuum analyze ended_runs');
    const none = { ...WORLD, accountId: 'CC0003' };
    for (const filter of [
      {},
      { functionIds: ['f3'] },
      { statuses: ['failed' as const] },
      { trigger: 'http' },
    ]) {
      const blocks = await blocksOf(filter, none);
      // Some in each index, for each status, trigger and day.
      assert.ok(blocks < 6_000, `${JSON.stringify(filter)}: ${blocks} blocks`);
    }
  });

  /** 8 KB blocks that the database looks at for one page: deterministic, where times aren't. */
  async function blocksOf(filter: Partial<RunFilter>, world = WORLD): Promise<number> {
    let blocks = 0;
    const explained = {
      query: async <Row extends object>(text: string, values?: unknown[]): Promise<Row[]> => {
        const rows = await database.query(`explain (analyze, buffers, timing off) ${text}`, values);
        const plan = rows.map((row) => row['QUERY PLAN'] as string).join('\n');
        const [, hit = '0', , read = '0'] = /Buffers: shared hit=(\d+)( read=(\d+))?/.exec(plan) ?? [];
        blocks += Number(hit) + Number(read);
        return await database.query<Row & Record<string, unknown>>(text, values);
      },
    };
    await listRuns(explained, world, { ...EVERY_RUN, ...filter }, 51);
    return blocks;
  }
});
