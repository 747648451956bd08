// A long life in short: many runs over many functions while sandboxes are killed at random. Afterwards
// nothing may be there that was not there before. MILLRACE_SOAK_RUNS sets the number of runs (default
// 30,000).
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { installationName } from '../../../contract/paths.ts';
import { Customer, type HostedFunction } from '../promises/customer.ts';
import { type Millrace, noJails, startMillrace } from '../promises/start-millrace.ts';

const RUNS = Number(process.env.MILLRACE_SOAK_RUNS ?? 30_000);
const FUNCTIONS = 50;
const CALLERS = 8;
/** One sandbox is killed for about as many runs. */
const RUNS_PER_KILL = 100;
/** What a server's memory may have grown by between the middle and the end of the soak. */
const MEMORY_GROWTH = 1.25;

type Census = Record<'processes' | 'cgroups' | 'mounts' | 'namespaces' | 'links' | 'files', number>;

function pids(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^[0-9]+$/.test(name))
    .map(Number);
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    // A process that has just ended.
    return '';
  }
}

/** Everything on this machine that bears the installation's name. */
function census(millrace: Millrace): Census {
  const name = installationName(millrace.dataDir);
  const count = (text: string): number => text.split('\n').filter((line) => line.includes(name)).length;
  const inCgroup = pids().filter((pid) => textOf(`/proc/${pid}/cgroup`).includes(`millrace-${name}`));
  return {
    processes: inCgroup.length,
    // Folders may go while they are looked at: what find says of them is its own affair.
    cgroups: count(spawnSync('find', ['/sys/fs/cgroup', '-type', 'd'], { encoding: 'utf8' }).stdout),
    mounts: count(readFileSync('/proc/mounts', 'utf8')),
    namespaces: count(execFileSync('ip', ['netns', 'list'], { encoding: 'utf8' })),
    links: count(execFileSync('ip', ['-o', 'link'], { encoding: 'utf8' })),
    files: readdirSync(millrace.dataDir).length + readdirSync(`${millrace.dataDir}/bundles`).length,
  };
}

function child(millrace: Millrace, role: string): number {
  const found = pids().find(
    (pid) =>
      textOf(`/proc/${pid}/stat`).match(/ \(.*\) \S+ ([0-9]+) /)?.[1] === String(millrace.pid) &&
      textOf(`/proc/${pid}/cmdline`).includes(`\0${role}\0`),
  );
  assert.ok(found, `no process ${role}`);
  return found;
}

const descriptors = (pid: number): number => readdirSync(`/proc/${pid}/fd`).length;
const residentMb = (pid: number): number =>
  Number(/VmRSS:\s+([0-9]+)/.exec(textOf(`/proc/${pid}/status`))?.[1]) / 1024;

/** Kills one process of a random sandbox, as a crash would. */
function killOne(name: string): void {
  const jailed = pids().filter((pid) => textOf(`/proc/${pid}/cgroup`).includes(`millrace-${name}`));
  const victim = jailed[Math.floor(Math.random() * jailed.length)];
  if (victim !== undefined && existsSync(`/proc/${victim}`)) {
    try {
      process.kill(victim, 'SIGKILL');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}

async function upload(customer: Customer): Promise<HostedFunction[]> {
  const functions: HostedFunction[] = [];
  for (let number = 0; number < FUNCTIONS; number += 1) {
    functions.push(
      await customer.uploadCode(
        `const { writeFileSync } = require('fs');
         exports.handler = async (event) => {
           console.log('run of function ${number}');
           writeFileSync('/tmp/mark', String(Date.now()));
           return { statusCode: 200, body: '${number}' };
         };`,
        { name: `function ${number}`, environment: 'nodejs20.x' },
      ),
    );
  }
  return functions;
}

test(`${RUNS} runs over ${FUNCTIONS} functions with random kills leave nothing behind`, {
  skip: noJails(),
  timeout: 3_600_000,
}, async () => {
  const millrace = await startMillrace({
    env: { MILLRACE_LOG_LEVEL: 'warn', MILLRACE_IDLE_MS: '3000', MILLRACE_MEMORY_BUDGET: '4096' },
  });
  try {
    await soak(millrace);
  } finally {
    await millrace.close();
  }
});

async function soak(millrace: Millrace): Promise<void> {
  const customer = new Customer(millrace);
  const name = installationName(millrace.dataDir);
  const server = child(millrace, 'serve');
  const supervisor = child(millrace, 'supervise');
  const functions = await upload(customer);
  // Connections to the database and from callers are made once and kept.
  await Promise.all(functions.map((fn) => customer.call(fn)));
  await quiet(millrace, null);
  const before = { ...census(millrace), server: descriptors(server), supervisor: descriptors(supervisor) };

  let answered = 0;
  let killed = 0;
  const refusals = new Set<string>();
  let middleMb = 0;
  const callForLong = async (): Promise<void> => {
    while (answered < RUNS) {
      answered += 1;
      if (answered === Math.floor(RUNS / 2)) middleMb = residentMb(server);
      if (answered % RUNS_PER_KILL === 0) killOne(name);
      const number = Math.floor(Math.random() * FUNCTIONS);
      const answer = await customer.call(functions[number] as HostedFunction);
      const body = await answer.text();
      // A run whose sandbox was killed is the only kind that may fail.
      if (answer.status === 200) assert.equal(body, String(number));
      else {
        killed += 1;
        if (answer.status !== 502) refusals.add(`${answer.status} ${body}`);
      }
    }
  };
  await Promise.all(Array.from({ length: CALLERS }, callForLong));
  assert.deepEqual([...refusals], [], millrace.output());
  assert.ok(killed <= (RUNS / RUNS_PER_KILL) * 2, `${killed} runs failed`);

  const endMb = residentMb(server);
  await quiet(millrace, before);
  const afterwards = {
    ...census(millrace),
    server: descriptors(server),
    supervisor: descriptors(supervisor),
  };
  console.log({ runs: answered, failedByKills: killed, middleMb, endMb, before, afterwards });
  for (const [what, number] of Object.entries(afterwards)) {
    const was = before[what as keyof typeof before];
    assert.ok(number <= was, `${what}: ${was} before, ${number} after`);
  }
  assert.ok(endMb < middleMb * MEMORY_GROWTH, `the server holds ${endMb} MB, ${middleMb} in the middle`);
}

/** Waits until idle sandboxes have ended with age and are cleared away; what then is left, stays. */
async function quiet(millrace: Millrace, before: Census | null): Promise<void> {
  const isQuiet = (now: Census): boolean =>
    now.processes === 0 &&
    (before === null || (now.cgroups <= before.cgroups && now.namespaces <= before.namespaces));
  const giveUpAt = Date.now() + 60_000;
  while (!isQuiet(census(millrace)) && Date.now() < giveUpAt)
    await new Promise((resolve) => setTimeout(resolve, 250));
  // The first census is a measure only when what the warm-up started is cleared away too.
  if (before === null) await new Promise((resolve) => setTimeout(resolve, 2_000));
}
