// The file interface of version 2, played on plain folders; what the kernel makes of it, and of version 1, is
// tried in server/test/jail.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { CgroupPlan } from './cgroup-plan.ts';
import { openCgroups } from './cgroups.ts';

const limits = { memoryMb: 128, tmpMb: 64, cpuPercent: 50, pids: 32, openFiles: 100 };

async function withFolder(use: (dir: string, plan: CgroupPlan) => Promise<void>): Promise<void> {
  const dir = mkdtempSync(path.join(tmpdir(), 'millrace-cgroup-'));
  const hierarchy = { version: 2 as const, dir };
  try {
    await use(dir, { memory: hierarchy, cpu: hierarchy, pids: hierarchy });
  } finally {
    rmSync(dir, { recursive: true });
  }
}

test('version 2 hands its controllers down and takes every limit in one folder', async () => {
  await withFolder(async (dir, plan) => {
    const cgroup = (await openCgroups(plan, 'millrace-x')).create('s1', limits);
    const read = (file: string): string => readFileSync(path.join(dir, 'millrace-x', file), 'utf8');
    assert.equal(readFileSync(path.join(dir, 'cgroup.subtree_control'), 'utf8'), '+memory +cpu +pids');
    assert.equal(read('cgroup.subtree_control'), '+memory +cpu +pids');
    assert.equal(read('s1/memory.max'), String(128 * 1024 * 1024));
    assert.equal(read('s1/cpu.max'), '50000 100000');
    assert.equal(read('s1/pids.max'), '32');
    assert.deepEqual(cgroup.procsFiles, [path.join(dir, 'millrace-x/s1/cgroup.procs')]);
  });
});

test('version 2 counts out-of-memory kills from memory.events', async () => {
  await withFolder(async (dir, plan) => {
    const cgroup = (await openCgroups(plan, 'millrace-x')).create('s1', limits);
    const events = path.join(dir, 'millrace-x/s1/memory.events');
    writeFileSync(events, 'low 0\nmax 12\noom 1\noom_kill 0\noom_group_kill 0\n');
    assert.equal(cgroup.outOfMemory(), false);
    writeFileSync(events, 'low 0\nmax 12\noom 1\noom_kill 2\noom_group_kill 1\n');
    assert.equal(cgroup.outOfMemory(), true);
  });
});

test('without memory.peak the current use stands for the peak', async () => {
  await withFolder(async (_dir, plan) => {
    const cgroup = (await openCgroups(plan, 'millrace-x')).create('s1', limits);
    assert.equal(path.basename(cgroup.peakFile), 'memory.current');
    writeFileSync(cgroup.peakFile, '4096\n');
    assert.equal(cgroup.peakBytes(), 4096);
  });
});

test('below a folder with processes of its own, these move aside first', async () => {
  await withFolder(async (dir, plan) => {
    writeFileSync(path.join(dir, 'cgroup.type'), 'domain\n');
    writeFileSync(path.join(dir, 'cgroup.procs'), '4711\n');
    await openCgroups(plan, 'millrace-x');
    assert.equal(readFileSync(path.join(dir, 'millrace-platform/cgroup.procs'), 'utf8'), '4711');
  });
});

test('the end of a sandbox waits for processes on their way out, which are listed no more', async () => {
  await withFolder(async (dir, plan) => {
    const cgroup = (await openCgroups(plan, 'millrace-x')).create('s1', limits);
    const events = path.join(dir, 'millrace-x/s1/cgroup.events');
    writeFileSync(path.join(dir, 'millrace-x/s1/cgroup.procs'), '');
    writeFileSync(events, 'populated 1\nfrozen 0\n');
    let hasEnded = false;
    const ended = cgroup.end().then(() => {
      hasEnded = true;
    });
    await nextTurn();
    assert.equal(hasEnded, false);
    writeFileSync(events, 'populated 0\nfrozen 0\n');
    await ended;
  });
});

test('an id that is taken is refused', async () => {
  await withFolder(async (dir, plan) => {
    mkdirSync(path.join(dir, 'millrace-x/s1'), { recursive: true });
    const cgroups = await openCgroups(plan, 'millrace-x');
    assert.throws(() => cgroups.create('s1', limits), /EEXIST/);
    assert.ok(existsSync(path.join(dir, 'millrace-x')));
  });
});
