// Code that brings its sandbox or its node down, under a load that it must not take along: it ends on the
// dead-letter list.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { HostedFunction } from '../promises/customer.ts';
import { noJails } from '../promises/start-millrace.ts';
import { FaultScene, type RunRow } from './fault-scene.ts';
import { sleep } from './load.ts';
import { gone, kill } from './processes.ts';

/** Only the one that never ends is to meet its time limit, however busy the machine is. */
const USUAL_MS = 30_000;
const POISONS = {
  'takes all the memory that there is': [
    'const kept = []; for (;;) kept.push(Buffer.alloc(4 << 20, 1));',
    'out_of_memory',
  ],
  'kills its runtime': ["process.kill(process.pid, 'SIGKILL'); await new Promise(() => {});", 'crashed'],
  'aborts its runtime': ['process.abort();', 'crashed'],
  'exits in the middle': ['process.exit(3);', 'crashed'],
  'never ends': ['for (;;);', 'timed_out'],
} as const;

describe('a function', { skip: noJails(), timeout: 600_000 }, () => {
  let scene: FaultScene;
  before(async () => {
    scene = await FaultScene.open({ env: { MILLRACE_MOST_LOSSES: '3' } });
  });
  after(() => scene?.close());

  const start = (fn: HostedFunction): Promise<RunRow> =>
    scene.post<RunRow>(`/millrace/v1/functions/${fn.id}/runs`, {}, { prefer: 'respond-async' });

  async function ended(id: string): Promise<RunRow> {
    for (const giveUpAt = Date.now() + 120_000; ; await sleep(50)) {
      const run = await scene.customer.json<RunRow>(`/millrace/v1/runs/${id}`);
      if (run.status !== 'queued' && run.status !== 'running') return run;
      assert.ok(Date.now() < giveUpAt, JSON.stringify(run));
    }
  }

  for (const [what, [code, end]] of Object.entries(POISONS)) {
    test(`that ${what} is dead after its tries, and nobody else's run is`, (t) =>
      scene.under(t, async () => {
        const fn = await scene.customer.uploadCode(`exports.handler = async () => { ${code} };`);
        await scene.customer.settings(fn, {
          timeout_ms: end === 'timed_out' ? 2_000 : USUAL_MS,
          memory_mb: 128,
          retry: { delays_s: [0.1, 0.1] },
        });
        const runs = await Promise.all([start(fn), start(fn), start(fn)]);
        for (const { id } of runs) {
          const run = await ended(id);
          assert.deepEqual([run.status, run.attempts], ['dead', 3], JSON.stringify(run.error));
          assert.deepEqual(
            run.history.map(({ status }) => status),
            [end, end],
          );
        }
      }));
  }

  // Three leases pass, and three starts.
  test('whose node dies each time that it runs is taken for its poison', { timeout: 300_000 }, async (t) => {
    // A promise alone keeps no process: its run would end, with nothing, before the node does.
    const waits = 'exports.handler = () => new Promise(() => void setInterval(() => {}, 1_000));';
    const fn = await scene.customer.uploadCode(waits);
    await scene.customer.settings(fn, { timeout_ms: 60_000 });
    const { id } = await start(fn);
    for (let deaths = 0; deaths < 3; deaths += 1) {
      for (const giveUpAt = Date.now() + 90_000; ; await sleep(50)) {
        const run = await row(id);
        if (run?.status === 'running') break;
        assert.ok(Date.now() < giveUpAt, `after ${deaths} deaths: ${JSON.stringify(run)}`);
      }
      await gone(await kill(scene.millrace, 'server'));
    }
    while ((await row(id)) === null) await sleep(50);
    const run = await ended(id);
    assert.deepEqual([run.status, run.attempts, run.error?.type], ['dead', 3, 'Platform.Poison']);
    t.diagnostic('dead after its third node');
  });

  /** null while nobody answers. */
  const row = (id: string): Promise<RunRow | null> =>
    scene.customer.json<RunRow>(`/millrace/v1/runs/${id}`).catch(() => null);
});
