// Attacks on the thread that serves everybody: every route that takes a body gets the worst ones, alone and
// eight at once, while another account's function is called beside it. `npm run test:attacks` sends two
// bodies to each route; MILLRACE_TEST_BODIES=all sends all of them, some minutes long.
import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before } from 'node:test';
import { processOf } from '../promises/remains.ts';
import { Site } from '../promises/site.ts';
import { attackAround, skipAround } from './attack.ts';
import { type AroundScene, json, openAround, routesOf } from './open-around.ts';
import { type WorstBody, worstBodies } from './worst-bodies.ts';

const WITH_BODY = ['POST', 'PUT', 'PATCH'];
const AT_ONCE = [1, 8];
/** What is promised on a quiet machine is 250 ms; others may be at work on this one. */
const LONGEST_WAIT_MS = 1_500;
const MEMORY_MB = 300;
const MEMORY_WITHIN_MS = 60_000;
/**
 * Some two hundred addresses, a second each where others are at work. All bodies to each take twelve times as
 * long.
 */
const WITHIN_MS = (process.env.MILLRACE_TEST_BODIES === 'all' ? 60 : 10) * 60_000;

let scene: AroundScene;
let victim: ChildProcess;
let addresses: { method: string; url: string }[];

before(async () => {
  if (skipAround !== false) return;
  scene = await openAround({ MILLRACE_LOG_LEVEL: 'debug' });
  addresses = [...apiAddresses(), ...(await doorAddresses())];
  const { customer, fn } = scene.victim;
  // Its own log is not what is looked at.
  await customer.call(fn);
  victim = fork(path.join(import.meta.dirname, 'victim-process.ts'), [fn.invokeUrl, customer.token]);
});
after(async () => {
  victim?.disconnect();
  await scene?.close();
});

/** Of the APIs: where a path names a thing, there is none of that name. */
function apiAddresses(): typeof addresses {
  return routesOf(scene.millrace)
    .filter(({ method, url }) => WITH_BODY.includes(method) && !/^\/(fn|hook|func|_hcms|hs)\//.test(url))
    .map(({ method, url }) => ({
      method,
      url: url.replace(/:[a-zA-Z]+/g, scene.attacker.fn.id).replace('*', 'a.functions/serverless.json'),
    }));
}

/** The doors of functions, each with one behind it. */
async function doorAddresses(): Promise<typeof addresses> {
  const { customer, fn, accountNumber } = scene.attacker;
  const trigger = async (kind: string): Promise<string> => {
    const made = json({ function_id: fn.id, kind, settings: {} });
    return new URL((await customer.json<{ url: string }>('/millrace/v1/triggers', made)).url).pathname;
  };
  const site = new Site({ ...scene.millrace, token: customer.token });
  const code = `exports.main = (context, send) => send({ body: 'x' });`;
  await site.upload(
    'worst.functions',
    { endpoints: { worst: { method: 'POST', file: 'f.js' } } },
    { 'f.js': code },
  );
  const urls = [
    new URL(fn.invokeUrl).pathname,
    await trigger('webhook'),
    await trigger('function_url'),
    `/_hcms/api/worst?portalid=${accountNumber}`,
    '/nothing/is/served/here',
  ];
  return urls.map((url) => ({ method: 'POST', url }));
}

function memoryMb(): number {
  const status = readFileSync(`/proc/${processOf(scene.millrace, 'serve')}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
}

async function longestWaitMs(): Promise<number> {
  victim.send('how long?');
  const [ms] = (await once(victim, 'message')) as [number];
  return ms;
}

/** By the attacker: what it is answered doesn't matter, but a failure of ours does. */
async function send(
  { method, url }: (typeof addresses)[number],
  { type, bytes }: WorstBody,
): Promise<number> {
  const { token } = scene.attacker.customer;
  const headers = { authorization: `Bearer ${token}`, 'x-api-key': token, 'content-type': type };
  try {
    const answer = await fetch(`${scene.millrace.url}${url}`, {
      ...{ method, headers, redirect: 'manual' as const },
      body: new Uint8Array(bytes),
    });
    await answer.arrayBuffer();
    return answer.status;
  } catch {
    // Refused before all of it was sent.
    return 0;
  }
}

attackAround(
  'worst-bodies-everywhere',
  async () => {
    const isWhole = process.env.MILLRACE_TEST_BODIES === 'all';
    const bodies = isWhole ? worstBodies() : worstBodies().slice(0, 2);
    const beforeMb = memoryMb();
    await longestWaitMs();
    assert.ok(addresses.length > 80, `only ${addresses.length} routes take a body`);
    const waits: { what: string; ms: number }[] = [];
    for (const address of addresses) {
      for (const body of bodies) {
        for (const count of isWhole ? AT_ONCE : AT_ONCE.slice(-1)) {
          const statuses = await Promise.all(Array.from({ length: count }, () => send(address, body)));
          const what = `${count} times ${body.name} to ${address.method} ${address.url}`;
          assert.ok(!statuses.includes(500) || address.url.startsWith('/_hcms/'), `${what}: 500`);
          waits.push({ what, ms: await longestWaitMs() });
        }
      }
    }
    waits.sort((one, other) => other.ms - one.ms);
    const told = waits.slice(0, 5).map(({ what, ms }) => `${Math.round(ms)} ms beside ${what}`);
    console.log(`the victim waited\n  ${told.join('\n  ')}`);
    assert.ok((waits[0]?.ms ?? 0) < LONGEST_WAIT_MS, told.join('\n'));
    for (const giveUpAt = Date.now() + MEMORY_WITHIN_MS; memoryMb() - beforeMb > MEMORY_MB; ) {
      assert.ok(Date.now() < giveUpAt, `the server keeps ${Math.round(memoryMb() - beforeMb)} MB`);
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  },
  { withinMs: WITHIN_MS },
);
