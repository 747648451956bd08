// Nothing that was accepted is lost when the clock of the server's machine jumps: what is due, whose lease
// has passed and what a schedule's next tick is are the database's affair. (There is no faketime here: the
// server's Date is shifted instead, the database's and the senders' are not.)
import assert from 'node:assert/strict';
import { chmodSync, copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { noJails } from '../promises/start-millrace.ts';
import { FaultScene } from './fault-scene.ts';
import { sleep } from './load.ts';

const HOUR_MS = 3_600_000;

describe('a server', { skip: noJails(), timeout: 600_000 }, () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'millrace-clock-'));
  const offsetFile = path.join(folder, 'offset');
  const set = (ms: number): void => writeFileSync(offsetFile, String(ms));
  let scene: FaultScene;
  before(async () => {
    chmodSync(folder, 0o755);
    const preload = path.join(folder, 'shift-clock.cjs');
    copyFileSync(path.join(import.meta.dirname, 'shift-clock.cjs'), preload);
    chmodSync(preload, 0o644);
    set(0);
    const env = { NODE_OPTIONS: `--require ${preload}`, SHIFT_CLOCK_FILE: offsetFile };
    scene = await FaultScene.open({ env });
  });
  after(async () => {
    await scene?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test('whose clock jumps forth and back by an hour', async (t) => {
    const ticked = await scene.customer.uploadCode(`exports.handler = async () => null;`);
    const everyMinute = await scene.addTrigger('schedule', { cron: '* * * * *' }, ticked);
    const startedAt = Date.now();
    // Signatures of webhooks are checked against the clock, so a sender of those is rightly refused
    // meanwhile.
    const kinds = ['event', 'webhook', 'async call'] as const;
    await scene.under(
      t,
      async (load) => {
        for (const ms of [HOUR_MS, -HOUR_MS, 2 * HOUR_MS, 0]) {
          set(ms);
          await sleep(200);
          await load.further(30);
          // Longer than a lease: nobody is taken for dead by this machine's clock.
          await sleep(3_000);
          await load.further(10);
        }
      },
      { kinds },
    );
    while ((await scene.runRows(ticked)).length === 0) await sleep(500);
    await scene.customer.request(`/millrace/v1/triggers/${everyMinute.id}`, { method: 'DELETE' });
    const ticks = (await scene.runRows(ticked)).map(({ cause }) => Date.parse(String(cause.scheduled_at)));
    assert.equal(new Set(ticks).size, ticks.length, 'a minute ticked twice');
    for (const tick of ticks) assert.ok(tick > startedAt && tick <= Date.now(), new Date(tick).toISOString());
    t.diagnostic(`${ticks.length} ticks, of minutes that really came`);
    assert.equal(/has lost its lease|is lost/.test(scene.millrace.output()), false);
  });
});
