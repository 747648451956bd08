// Attacks on other functions: what they leave, what they listen on, their processes; and daemons that want to
// outlive their run. Each neighbour finds its own canary by the same search.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { attack, skipAttacks } from './attack.ts';
import { Attacker } from './attacker.ts';
import { inTestMode, makeCanary, openScene, pidsOnHost, type Scene } from './open-scene.ts';

const WORD = makeCanary('left');

let scene: Scene;
/**
 * Looks for what the neighbour has left: a function of the same world, and one of the account's other mode.
 */
let seekers: Attacker[];
/** Addresses of the neighbour's sandbox. */
let neighbourHosts: string[];

before(async () => {
  if (skipAttacks !== false) return;
  scene = await openScene();
  seekers = [scene.attacker, await Attacker.upload(await inTestMode(scene.customer), scene.zip)];
  const { got } = await scene.neighbour.loot('plant', WORD);
  const planted = got as { files: string[]; shared: string; sockets: string[]; addresses: string[] };
  neighbourHosts = planted.addresses;
  assert.deepEqual(planted.files, ['/tmp/left', '/dev/shm/left']);
  assert.deepEqual(planted.sockets, ['listening', 'listening']);
  assert.equal(neighbourHosts.length, 1);
});
after(() => scene?.close());

const PLACES: [id: string, where: string, found: RegExp][] = [
  ['left-in-files', 'files', new RegExp(`${WORD}.*${WORD}`)],
  ['left-in-globals', 'globals', new RegExp(WORD)],
  ['left-in-shared-memory', 'shared', new RegExp(`sysv ${WORD}(.|\n)*posix ${WORD}(.|\n)*queue ${WORD}`)],
  ['left-on-abstract-socket', 'abstract', new RegExp(WORD)],
  ['left-on-loopback', 'loopback', new RegExp(WORD)],
  ['neighbour-network', 'network', new RegExp(WORD)],
];
for (const [id, where, found] of PLACES) {
  attack(id, async () => {
    const argument = { where, hosts: neighbourHosts };
    assert.match(await scene.neighbour.got('search', argument), found);
    for (const seeker of seekers) assert.ok(!(await seeker.got('search', argument)).includes(WORD));
  });
}

attack('other-version', async () => {
  const old = await Attacker.upload(scene.customer, scene.zip);
  await old.got('plant', WORD);
  assert.ok((await old.got('search', { where: 'files' })).includes(WORD));
  const form = new FormData();
  form.set('file', new Blob([new Uint8Array(scene.zip)]), 'again.zip');
  const path = `/api/v1/hosted_functions/${old.fn.id}`;
  assert.equal((await scene.customer.request(path, { method: 'POST', body: form })).status, 200);
  for (const where of ['files', 'globals', 'shared', 'abstract', 'loopback']) {
    assert.ok(!(await old.got('search', { where })).includes(WORD), where);
  }
});

attack('killing-neighbours', async () => {
  const before = Number(await scene.neighbour.got('count'));
  const victim = await Attacker.upload(scene.customer, scene.zip);
  await victim.got('plant', makeCanary('own-child'));
  assert.notEqual(await victim.got('killAll'), '[]', 'it kills its own');
  await scene.attacker.got('killAll');
  assert.equal(Number(await scene.neighbour.got('count')), before + 1, 'the same process answers');
});

/**
 * @returns settles when no process of the host has the word among its arguments; a test's time limit ends it
 * otherwise
 */
async function gone(word: string): Promise<void> {
  while (pidsOnHost(word).length > 0) await new Promise((resolve) => setImmediate(resolve));
}

/** Starts a daemon in a function of its own and waits until the host sees it. */
async function startDaemon(
  then: 'hang' | 'spin' | 'exit' | 'return',
  word: string,
): Promise<{ host: Attacker; answer: Promise<Response> }> {
  const host = await Attacker.upload(scene.customer, scene.zip);
  await scene.customer.settings(host.fn, { timeout_ms: 1500 });
  const answer = host.call('daemon', { mark: word, then });
  while (pidsOnHost(word).length === 0) await new Promise((resolve) => setImmediate(resolve));
  return { host, answer };
}

attack('daemon-after-timeout', async () => {
  for (const then of ['hang', 'spin'] as const) {
    const word = makeCanary('daemon');
    const { answer } = await startDaemon(then, word);
    assert.equal((await scene.customer.runOf(await answer)).status, 'timed_out');
    await gone(word);
  }
});

attack('daemon-after-exit', async () => {
  const word = makeCanary('daemon');
  const { answer } = await startDaemon('exit', word);
  assert.equal((await scene.customer.runOf(await answer)).status, 'crashed');
  await gone(word);
});

attack('daemon-after-eviction', async () => {
  const word = makeCanary('daemon');
  const { host, answer } = await startDaemon('return', word);
  assert.equal((await answer).status, 200);
  assert.ok(pidsOnHost(word).length > 0, 'a warm sandbox keeps what its run has left');
  const form = new FormData();
  form.set('file', new Blob([new Uint8Array(scene.zip)]), 'again.zip');
  const path = `/api/v1/hosted_functions/${host.fn.id}`;
  assert.equal((await scene.customer.request(path, { method: 'POST', body: form })).status, 200);
  await host.got('count');
  await gone(word);
});
