// Nothing that was accepted is lost when processes are killed, stopped, or started again and again. The whole
// of what quick-crashes.test.ts shows a part of.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { noJails } from '../promises/start-millrace.ts';
import { FaultScene } from './fault-scene.ts';
import { sleep } from './load.ts';
import { gone, jailedPids, kill, killLauncher, pause, pidOf, type Role } from './processes.ts';

const RESTARTING_MS = 120_000;
const RESTART_EVERY_MS = 6_000;

describe('a Millrace under load', { skip: noJails(), timeout: 1_200_000 }, () => {
  let scene: FaultScene;
  before(async () => {
    scene = await FaultScene.open();
  });
  after(() => scene?.close());

  for (const role of ['server', 'database', 'supervisor'] as Role[]) {
    test(`whose ${role} is killed five times`, (t) =>
      scene.under(t, async (load) => {
        for (let round = 0; round < 5; round += 1) {
          await gone(await kill(scene.millrace, role));
          await load.further(20);
        }
      }));
  }

  test('whose launcher is killed, and which is started again', (t) =>
    scene.under(t, async () => {
      await killLauncher(scene.millrace);
      await scene.start();
    }));

  test('whose processes are all killed at once, as when the power fails', (t) =>
    scene.under(t, async () => {
      const roles: Role[] = ['launcher', 'supervisor', 'server', 'database'];
      const pids = await Promise.all(roles.map((role) => pidOf(scene.millrace, role)));
      for (const pid of pids) process.kill(pid, 'SIGKILL');
      await Promise.all(pids.map(gone));
      await scene.start();
    }));

  for (const role of ['server', 'database', 'supervisor'] as Role[]) {
    test(`whose ${role} is stopped for three leases, and then goes on`, (t) =>
      scene.under(t, () => pause(scene.millrace, role, 6_000)));
  }

  test('whose sandboxes are stopped for a moment', (t) =>
    scene.under(t, async (load) => {
      const pids = jailedPids(scene.millrace, 'bootstrap');
      assert.ok(pids.length > 0, 'nothing is jailed');
      for (const pid of pids) process.kill(pid, 'SIGSTOP');
      await load.further(20);
      for (const pid of pids) if (jailedPids(scene.millrace, '').includes(pid)) process.kill(pid, 'SIGCONT');
    }));

  test('whose sandboxes are killed again and again, and whose function is to be tried again', async (t) => {
    // Who has killed a sandbox, can't be known: it counts as the function's own end.
    await scene.customer.settings(scene.fn, { retry: { delays_s: Array.from({ length: 20 }, () => 0.1) } });
    await scene.under(t, async (load) => {
      for (let round = 0; round < 5; round += 1) {
        for (const pid of jailedPids(scene.millrace, '')) tryKill(pid);
        await load.further(10);
      }
    });
  });

  test('that is ended in order, and started again', (t) =>
    scene.under(t, async () => {
      assert.equal(await scene.millrace.stop(), 0);
      await scene.start();
    }));

  test('that is killed or ended every few seconds for two minutes', { timeout: 600_000 }, (t) =>
    scene.under(t, async () => {
      const until = Date.now() + RESTARTING_MS;
      for (let round = 1; Date.now() < until; round += 1) {
        if (round % 2 === 0) await scene.millrace.stop();
        else await killLauncher(scene.millrace);
        await scene.start();
        await sleep(RESTART_EVERY_MS);
      }
    }),
  );
});

function tryKill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    assert.equal((error as NodeJS.ErrnoException).code, 'ESRCH');
  }
}
