// A fresh process for every run (`reuse: none`, five packages loaded) beside its floor: spawning Node and
// requiring the same packages. Calls one at a time with a pause, so that a child is in stock; then as many as
// go, from 1, 2 and 4 callers. And what a template and a run hold in memory.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { installationName } from '../contract/paths.ts';
import { Customer, type HostedFunction } from '../server/test/promises/customer.ts';
import { startMillrace } from '../server/test/promises/start-millrace.ts';
import { leanCall } from './lean-client.ts';
import { measure } from './measure.ts';
import { installPackageSet, packedPackageSet } from './package-set.ts';
import { bareNode } from './peer.ts';
import { sleep } from './sleep.ts';
import { printTable } from './table.ts';

const SPACED_CALLS = 200;
const PAUSE_MS = 30;
const SPAWNS = 15;
const SECONDS = 5;

const folder = installPackageSet();
const millrace = await startMillrace({ env: { MILLRACE_LOG_LEVEL: 'warn', MILLRACE_MEMORY_MB: '512' } });
try {
  const customer = new Customer(millrace);
  const fn = await customer.upload(packedPackageSet(), { environment: 'nodejs24.x' });
  const spawned = quantile(times(SPAWNS, spawnAndRequire), 0.5);
  const bare = await bareNode();
  const floor = await spacedCalls(bare.url).finally(() => bare.close());
  await use(customer, fn, 'warm');
  const warm = await spacedCalls(fn.invokeUrl);
  await use(customer, fn, 'none');
  const forked = await spacedCalls(fn.invokeUrl);
  const p50 = quantile(forked, 0.5);
  const row = (what: string, p50Ms: number, p99Ms: string, faster: string): Record<string, string> => ({
    ...{ '': what, 'p50 ms': p50Ms.toFixed(2), 'p99 ms': p99Ms, 'times faster': faster },
  });
  printTable('fork per run, one call at a time, a child in stock', [
    row('spawn node, require five packages', spawned, '', '1'),
    row(
      'Millrace, reuse: none, over HTTP',
      p50,
      quantile(forked, 0.99).toFixed(2),
      (spawned / p50).toFixed(0),
    ),
    row('the same function, reuse: warm', quantile(warm, 0.5), quantile(warm, 0.99).toFixed(2), ''),
    row('bare node:http, from the same client', quantile(floor, 0.5), quantile(floor, 0.99).toFixed(2), ''),
  ]);
  await printMemory(millrace.dataDir);

  const peer = {
    name: 'reuse: none',
    url: fn.invokeUrl.replace('localhost', '127.0.0.1'),
    headers: { authorization: `Bearer ${millrace.token}` },
    close: async () => {},
  };
  const rows: Record<string, string>[] = [];
  for (const callers of [1, 2, 4]) {
    await measure(peer, callers, 2);
    const { perSecond, p50Ms, p99Ms } = await measure(peer, callers, SECONDS);
    rows.push({
      callers: String(callers),
      'runs/s': perSecond.toFixed(0),
      'p50 ms': p50Ms.toFixed(1),
      'p99 ms': p99Ms.toFixed(1),
    });
  }
  printTable('fork per run, as many as go', rows);
} finally {
  await millrace.close();
}

async function use(customer: Customer, fn: HostedFunction, reuse: 'warm' | 'none'): Promise<void> {
  await customer.settings(fn, { reuse });
  await customer.call(fn);
}

/** With a pause before each, in ms. */
async function spacedCalls(url: string): Promise<number[]> {
  const tookMs: number[] = [];
  for (let call = 0; call < SPACED_CALLS; call += 1) {
    await sleep(PAUSE_MS);
    const startedAt = performance.now();
    await leanCall({ url, token: millrace.token });
    tookMs.push(performance.now() - startedAt);
  }
  return tookMs;
}

function spawnAndRequire(): number {
  const startedAt = performance.now();
  const { status } = spawnSync(process.execPath, ['-e', `require('./index.js')`], { cwd: folder });
  if (status !== 0) throw new Error('the floor does not run');
  return performance.now() - startedAt;
}

function times(count: number, work: () => number): number[] {
  return Array.from({ length: count }, work);
}

function quantile(values: number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length * share)] ?? Number.NaN;
}

/**
 * A template's child in stock shares most of its memory with the template: what it owns is its private part.
 */
async function printMemory(dataDir: string): Promise<void> {
  await sleep(500);
  const name = `millrace-${installationName(dataDir)}`;
  const rows = readdirSync('/proc')
    .filter((pid) => /^[0-9]+$/.test(pid) && textOf(`/proc/${pid}/cgroup`).includes(name))
    .filter((pid) => textOf(`/proc/${pid}/cmdline`).includes('/engine/node'))
    .map((pid) => {
      const rollup = textOf(`/proc/${pid}/smaps_rollup`);
      const kb = (field: string): number =>
        Number(new RegExp(`^${field}:\\s+([0-9]+)`, 'm').exec(rollup)?.[1] ?? 0);
      const privateKb = kb('Private_Clean') + kb('Private_Dirty');
      return { pid, 'PSS MB': (kb('Pss') / 1024).toFixed(1), 'private MB': (privateKb / 1024).toFixed(1) };
    });
  printTable('memory of the processes in the sandboxes (template, its child in stock, blanks)', rows);
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    // It has just ended.
    return '';
  }
}
