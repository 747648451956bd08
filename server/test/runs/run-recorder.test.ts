// Recording with a real PostgreSQL: what it refuses does not stay, what it can't take for a while does.
import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { after, afterEach, before, describe, test } from 'node:test';
import { pino } from 'pino';
import { insertAccount } from '../../src/accounts/account-store.ts';
import { Failure } from '../../src/errors/failure.ts';
import { newRunId } from '../../src/ids/ids.ts';
import { LogLines } from '../../src/logs/log-lines.ts';
import { deleteFromDefault } from '../../src/runs/history-days-store.ts';
import type { Run } from '../../src/runs/run.ts';
import { findLogLines } from '../../src/runs/run-log-store.ts';
import { RunRecorder } from '../../src/runs/run-recorder.ts';
import { findRun, findSealed } from '../../src/runs/run-store.ts';
import type { RunWatch } from '../../src/runs/run-watch.ts';
import { openTestDatabase, type TestDatabase } from '../database/open-test-database.ts';

const WORLD = { accountId: 'AA0001', mode: 'live' } as const;
/** Nothing of these runs is kept. */
const NO_KEYS = { seal: () => Promise.reject(new Error()), unseal: () => Promise.reject(new Error()) };
const LIMITS = { runs: 1000, bytes: 1_000_000, batchRuns: 10, batchBytes: 100_000 };

describe('the recorder of runs', () => {
  let database: TestDatabase;
  before(async () => {
    database = await openTestDatabase();
    await insertAccount(database, { id: 'AA0001', alias: 'a', sealedKey: Buffer.alloc(1) });
  });
  after(() => database?.close());
  afterEach(() =>
    database
      .query('delete from runs')
      .then(() => database.query('truncate ended_runs, run_contents, run_logs')),
  );

  const open = (limits = LIMITS, watch: RunWatch = async () => {}) =>
    new RunRecorder({
      ...{ database, node: () => 'node', log: pino({ level: 'silent' }), keys: NO_KEYS, limits, watch },
    });

  function newRun(part: Partial<Run> = {}): Run {
    const now = Date.now();
    return {
      ...WORLD,
      ...{ id: newRunId(now), functionId: 'f', version: 1, trigger: 'http', cause: {}, status: 'running' },
      ...{ attempts: 1, memoryMb: 256, createdAtMs: now, startedAtMs: now, endedAtMs: now, durationMs: 1 },
      ...{ initMs: null, memoryPeakBytes: null, error: null, engine: null, responseStatus: 200 },
      ...part,
    };
  }
  function printed(text: string): LogLines {
    const log = new LogLines(1_000_000);
    log.push('stdout', Buffer.from(text), Date.now());
    log.end(Date.now());
    return log;
  }
  const stored = async (): Promise<number> =>
    (await database.query<{ n: number }>("select count(*) as n from all_runs where account_id = 'AA0001'"))[0]
      ?.n ?? -1;

  /** An error that PostgreSQL really raises for such a statement, in its class. */
  async function refuseLogs(sqlState: string): Promise<void> {
    await database.query(
      `create function refuse_log() returns trigger language plpgsql as
       $$ begin raise exception 'no' using errcode = '${sqlState}'; end $$`,
    );
    await database.query(
      'create trigger refuse_log before insert on run_logs for each row execute function refuse_log()',
    );
  }
  const takeLogs = () => database.query('drop function if exists refuse_log() cascade');

  test('what runs print after their end is added to their logs, however many do at once', async () => {
    const recorder = open();
    const runs = Array.from({ length: 150 }, () => newRun());
    for (const run of runs) recorder.finish({ ...run, status: 'succeeded' }, printed('in time\n'));
    for (const { id } of runs) recorder.append({ accountId: 'AA0001', runId: id }, printed('late\n'));
    for (const { id } of runs) {
      const linesOf = async () => (await findLogLines(database, WORLD, id)).lines.map(({ text }) => text);
      while ((await linesOf()).length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
      assert.deepEqual(await linesOf(), ['in time', 'late']);
    }
  });

  test('writes runs with their logs, in batches of bounded bytes', async () => {
    const recorder = open();
    const runs = Array.from({ length: 25 }, () => newRun());
    for (const run of runs) recorder.begin(run);
    for (const run of runs) recorder.finish({ ...run, status: 'succeeded' }, printed('x'.repeat(20_000)));
    await recorder.flush();
    assert.equal(await stored(), 25);
    const [first] = runs;
    const log = await findLogLines(database, WORLD, first?.id ?? '');
    assert.equal(log.lines[0]?.text.length, 20_000);
  });

  for (const sqlState of ['54000', '22P05', 'P0001']) {
    test(`records a run without its log when the database refuses that with ${sqlState}, and its neighbours whole`, async () => {
      const recorder = open();
      await refuseLogs(sqlState);
      const bad = newRun({ status: 'failed' });
      const good = newRun({ status: 'succeeded' });
      recorder.finish(good, null);
      recorder.finish(bad, printed('refused'));
      await recorder.flush().finally(takeLogs);
      assert.equal((await findRun(database, WORLD, good.id))?.status, 'succeeded');
      // The note is refused as well: nothing is left waiting, and the next runs go through.
      const next = newRun({ status: 'succeeded' });
      recorder.finish(next, printed('fine'));
      await recorder.flush();
      assert.equal((await findRun(database, WORLD, next.id))?.status, 'succeeded');
      assert.equal(await findRun(database, WORLD, bad.id), null);
    });
  }

  test('keeps runs while the database is out of reach, refuses new ones when it holds too many, and loses none', async () => {
    const recorder = open({ ...LIMITS, runs: 5 });
    await refuseLogs('57P03');
    const running = newRun();
    recorder.begin(running);
    await recorder.flush();
    recorder.finish({ ...running, status: 'succeeded' }, printed('at last'));
    for (let at = 0; at < 4; at += 1) recorder.finish(newRun({ status: 'succeeded' }), printed('kept'));
    await recorder.flush();
    assert.throws(
      () => recorder.begin(newRun()),
      (error) => error instanceof Failure && error.code === 'unavailable',
    );
    await takeLogs();
    await recorder.flush();
    assert.equal(await stored(), 5);
    assert.equal((await findRun(database, WORLD, running.id))?.status, 'succeeded');
    recorder.begin(newRun());
    await recorder.flush();
  });

  test('keeps what a run was told and returned, sealed, until it is old', async () => {
    const keys = {
      seal: async (plain: Buffer) => Buffer.concat([Buffer.of(7), plain]),
      unseal: async (b: Buffer) => b,
    };
    const recorder = new RunRecorder({ database, node: () => 'node', log: pino({ level: 'silent' }), keys });
    const run = newRun({ status: 'succeeded' });
    recorder.begin(run);
    recorder.finish(run, null, { input: () => Buffer.from('told'), result: Buffer.from('said') });
    const large = newRun({ status: 'succeeded' });
    recorder.finish(large, null, { input: () => null });
    await recorder.flush();
    const kept = await findSealed(database, WORLD, run.id);
    assert.deepEqual([kept?.input?.toString(), kept?.result?.toString()], ['\x07told', '\x07said']);
    assert.equal((await findRun(database, WORLD, large.id))?.isInputKept, false);
    const ms = Date.now() - 2 * 86_400_000;
    const old = newRun({ id: newRunId(ms), createdAtMs: ms, status: 'failed' });
    recorder.finish(old, null, { input: () => Buffer.from('old') });
    await recorder.flush();
    assert.equal((await findRun(database, WORLD, old.id))?.isInputKept, true);
    assert.equal(await deleteFromDefault(database, 'run_contents', Date.now() - 86_400_000, 10), 1);
    assert.equal((await findRun(database, WORLD, old.id))?.isInputKept, false);
    assert.equal((await findRun(database, WORLD, run.id))?.isInputKept, true);
  });

  test('writes a run as running once it is no longer young, whatever else begins and ends', async () => {
    const seen = new EventEmitter();
    const shownAt = new Map<string, number>();
    const recorder = open(LIMITS, async (_sql, written) => {
      for (const { run } of written) shownAt.set(run.id, performance.now());
      seen.emit('written');
    });
    const [old, young] = [newRun(), newRun()];
    recorder.begin(old);
    // The timer that `old` has set is over when `young` begins.
    for (const until = performance.now() + 60; performance.now() < until; );
    const begunAt = performance.now();
    recorder.begin(young);
    while (!shownAt.has(young.id)) await once(seen, 'written');
    assert.ok(shownAt.has(old.id));
    assert.ok((shownAt.get(young.id) ?? 0) - begunAt >= 25);
    await recorder.flush();
  });

  test('writes a run as finished that could not be written as running', async () => {
    const recorder = open();
    await database.query('alter table runs add constraint shut check (false) not valid');
    const run = newRun();
    recorder.begin(run);
    await recorder.flush();
    await database.query('alter table runs drop constraint shut');
    recorder.finish({ ...run, status: 'succeeded' }, printed('done'));
    await recorder.flush();
    assert.equal((await findRun(database, WORLD, run.id))?.status, 'succeeded');
  });
});
