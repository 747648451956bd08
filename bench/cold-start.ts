// The first call of a function that was never called: with blank sandboxes in stock, and without. Then 200
// functions called in turn, and what they hold in memory together.
import { readdirSync, readFileSync } from 'node:fs';
import { installationName } from '../contract/paths.ts';
import { Customer, type HostedFunction } from '../server/test/promises/customer.ts';
import { type Millrace, startMillrace } from '../server/test/promises/start-millrace.ts';
import { sleep } from './sleep.ts';
import { printTable } from './table.ts';

const COLD_CALLS = 30;
/** Between two new functions: the stock is filled again meanwhile. */
const PAUSE_MS = 500;
const MANY = 200;
const ROUNDS = 3;

const code = (number: number): string =>
  `exports.handler = async () => ({ statusCode: 200, body: '{"number":${number}}' });`;

printTable('first call of a new function, over HTTP', [
  { '': 'no stock', ...(await coldStart('0')) },
  { '': 'two blanks in stock', ...(await coldStart('2')) },
]);
printTable(`${MANY} functions in turn`, [await roundRobin()]);

async function withMillrace<T>(
  env: Record<string, string>,
  work: (millrace: Millrace) => Promise<T>,
): Promise<T> {
  // Nothing is started ahead of the calls that are measured.
  const started = { MILLRACE_LOG_LEVEL: 'warn', MILLRACE_PRESTARTS: '0' };
  const millrace = await startMillrace({ env: { ...started, ...env } });
  try {
    return await work(millrace);
  } finally {
    await millrace.close();
  }
}

function coldStart(blanks: string): Promise<Record<string, string>> {
  return withMillrace({ MILLRACE_BLANK_SANDBOXES: blanks }, async (millrace) => {
    const customer = new Customer(millrace);
    const functions = await upload(customer, COLD_CALLS + 1);
    await timedCall(customer, functions[0] as HostedFunction);
    const ms: number[] = [];
    for (const fn of functions.slice(1)) {
      await sleep(PAUSE_MS);
      ms.push(await timedCall(customer, fn));
    }
    ms.sort((a, b) => a - b);
    const at = (share: number): string => (ms[Math.floor(ms.length * share)] ?? Number.NaN).toFixed(1);
    return { 'p50 ms': at(0.5), 'p90 ms': at(0.9), 'least ms': at(0) };
  });
}

function roundRobin(): Promise<Record<string, string>> {
  const env = { MILLRACE_MEMORY_BUDGET: '65536', MILLRACE_MEMORY_MB: '128' };
  return withMillrace(env, async (millrace) => {
    const customer = new Customer(millrace);
    const functions = await upload(customer, MANY);
    for (const fn of functions) await timedCall(customer, fn);
    const ms: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const fn of functions) ms.push(await timedCall(customer, fn));
    }
    ms.sort((a, b) => a - b);
    return {
      'warm p50 ms': (ms[Math.floor(ms.length / 2)] ?? Number.NaN).toFixed(2),
      'warm p99 ms': (ms[Math.floor(ms.length * 0.99)] ?? Number.NaN).toFixed(2),
      'all sandboxes, PSS GB': (sandboxPssKb(millrace.dataDir) / 1024 / 1024).toFixed(2),
      functions: String(functions.length),
    };
  });
}

async function upload(customer: Customer, count: number): Promise<HostedFunction[]> {
  const functions: HostedFunction[] = [];
  for (let number = 0; number < count; number += 1) {
    functions.push(
      await customer.uploadCode(code(number), { environment: 'nodejs24.x', name: `function ${number}` }),
    );
  }
  return functions;
}

async function timedCall(customer: Customer, fn: HostedFunction): Promise<number> {
  const startedAt = performance.now();
  const answer = await customer.call(fn);
  await answer.arrayBuffer();
  if (answer.status !== 200) throw new Error(`a function answered ${answer.status}`);
  return performance.now() - startedAt;
}

/** Proportional set size: what is shared is counted once over all who share it. */
function sandboxPssKb(dataDir: string): number {
  const name = `millrace-${installationName(dataDir)}`;
  let total = 0;
  for (const pid of readdirSync('/proc').filter((entry) => /^[0-9]+$/.test(entry))) {
    try {
      if (!readFileSync(`/proc/${pid}/cgroup`, 'latin1').includes(name)) continue;
      total += Number(
        /^Pss:\s+([0-9]+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1'))?.[1] ?? 0,
      );
    } catch (error) {
      if (!['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    }
  }
  return total;
}
