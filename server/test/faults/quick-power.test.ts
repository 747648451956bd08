// A power cut is followed by a busy machine: what a former life leaves behind ends late, or not by itself.
// Whatever the next start meets, it comes up.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, test } from 'node:test';
import { noJails, startMillrace } from '../promises/start-millrace.ts';
import { childrenOf, gone, isAlive, pidOf, type Role } from './processes.ts';

const ROLES: Role[] = ['launcher', 'supervisor', 'server', 'database'];

describe('a Millrace whose processes are all killed at once', { skip: noJails() }, () => {
  test('comes up again while its database’s connections have not ended', { timeout: 120_000 }, async () => {
    const dataDir = mkdtempSync(path.join(tmpdir(), 'millrace-power-'));
    const first = await startMillrace({ dataDir });
    const pids = await Promise.all(ROLES.map((role) => pidOf(first, role)));
    const left = childrenOf(await pidOf(first, 'database'));
    assert.ok(left.length > 0, 'the database has processes of its own');
    // As on a machine on which their turn doesn't come: they hold the cluster's shared memory, and don't know
    // yet.
    for (const pid of left) process.kill(pid, 'SIGSTOP');
    try {
      for (const pid of pids) process.kill(pid, 'SIGKILL');
      await Promise.all(pids.map(gone));
      const second = await startMillrace({ dataDir });
      assert.deepEqual(left.filter(isAlive), []);
      assert.equal(await second.stop(), 0);
    } finally {
      for (const pid of left.filter(isAlive)) process.kill(pid, 'SIGKILL');
      rmSync(dataDir, { recursive: true, force: true });
    }
  });

  test('comes up again while nobody has asked after its database’s end', { timeout: 120_000 }, async () => {
    const dataDir = mkdtempSync(path.join(tmpdir(), 'millrace-power-'));
    const first = await startMillrace({ dataDir });
    const pids = await Promise.all(ROLES.map((role) => pidOf(first, role)));
    const left = childrenOf(await pidOf(first, 'database'));
    for (const pid of pids) process.kill(pid, 'SIGKILL');
    await Promise.all([...pids, ...left].map(gone));
    const lock = path.join(dataDir, 'postgres/postmaster.pid');
    const { uid, gid } = statSync(lock);
    // A parent that never waits: its child's id stays taken after its end. The child outlives the shell,
    // which would wait.
    const parent = spawn('/bin/sh', ['-c', 'sleep 1 & echo $!; exec sleep 100'], { uid, gid });
    try {
      const [line] = (await once(parent.stdout, 'data')) as [Buffer];
      const zombie = Number(line.toString());
      await gone(zombie);
      assert.ok(process.kill(zombie, 0), 'its id is taken');
      writeFileSync(lock, readFileSync(lock, 'utf8').replace(/^\d+/, String(zombie)));
      const second = await startMillrace({ dataDir });
      assert.equal(await second.stop(), 0);
    } finally {
      parent.kill('SIGKILL');
      rmSync(dataDir, { recursive: true, force: true });
    }
  });
});
