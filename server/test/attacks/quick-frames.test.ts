// Attacks on the frames between runtime and platform, on results and on logs. The neighbour must get its own
// answers throughout, and the platform must go on.
import assert from 'node:assert/strict';
import { after, afterEach, before } from 'node:test';
import { attack, skipAttacks } from './attack.ts';
import { Attacker } from './attacker.ts';
import { makeCanary, openScene, type Scene } from './open-scene.ts';

let scene: Scene;

before(async () => {
  if (skipAttacks === false) scene = await openScene();
});
after(() => scene?.close());
afterEach(async () => {
  if (skipAttacks === false) assert.match(await scene.neighbour.got('count'), /^[0-9]+$/);
});

/**
 * After harming itself a function may fail once more, when a call meets the sandbox that is just being ended;
 * then it answers.
 */
async function assertRecovers(attacker: Attacker): Promise<void> {
  const statuses: number[] = [];
  while (statuses.length < 3 && statuses.at(-1) !== 200) statuses.push((await attacker.call('count')).status);
  assert.equal(statuses.at(-1), 200, statuses.join(', '));
}

attack('forged-result', async () => {
  assert.equal(await scene.attacker.got('forgeUnknown'), 'genuine');
  assert.match(await scene.attacker.got('count'), /^[0-9]+$/);
});

attack('second-result', async () => {
  const answer = await scene.attacker.call('forgeTwice');
  assert.equal(await answer.text(), 'first', 'a tenant can forge its own result, so the attack works');
  for (let n = 0; n < 3; n += 1) {
    assert.match(await (await scene.attacker.call('count')).text(), /^{"got":[0-9]+}$/);
  }
});

attack('result-for-neighbour', async () => {
  const argument = { accomplice: scene.attacker.fn.invokeUrl, token: scene.millrace.token };
  const answer = await scene.neighbour.call('betray', argument);
  assert.equal(await answer.text(), JSON.stringify({ got: { forged: { got: 'forged' }, own: 'genuine' } }));
});

const GARBAGE = [...['length', 'noise', 'type', 'ready', 'short payload', 'head outside', 'head not JSON']];
attack('garbage-frames', async () => {
  for (const kind of GARBAGE) {
    const answer = await scene.attacker.call('garbage', kind);
    assert.equal(answer.status, 502, kind);
    assert.ok(!(await answer.text()).includes('forged'));
    const run = await scene.customer.runOf(answer);
    assert.deepEqual([run.status, run.error?.type], ['crashed', 'Runtime.BadFrame'], kind);
  }
  const malformed = await scene.attacker.call('garbage', 'body not JSON');
  assert.equal(malformed.status, 502);
  await assertRecovers(scene.attacker);
});

attack('garbage-while-loading', async () => {
  for (const bytes of [`Buffer.alloc(64, 255)`, `Buffer.from([2,0,0,0,16,0,0,0,0,0,0,0,0,123,125])`]) {
    const code = `require('node:fs').writeSync(3, ${bytes}); const until = Date.now() + 300; while (Date.now() < until);
      throw new Error('not loaded'); exports.handler = async () => ({ statusCode: 200 });`;
    const fn = await scene.customer.uploadCode(code);
    const answer = await scene.customer.call(fn);
    assert.equal(answer.status, 502);
    assert.notEqual((await scene.customer.runOf(answer)).status, 'succeeded');
  }
});

attack('half-a-frame', async () => {
  const own = await Attacker.upload(scene.customer, scene.zip);
  await scene.customer.settings(own.fn, { timeout_ms: 1000 });
  const answer = await own.call('halfFrame');
  assert.equal(answer.status, 502);
  assert.equal((await scene.customer.runOf(answer)).status, 'timed_out');
});

attack('lying-frames', async () => {
  const own = await Attacker.upload(scene.customer, scene.zip);
  const answer = await own.call('lie');
  assert.equal(await answer.text(), 'lied');
  assert.equal((await scene.customer.runOf(answer)).status, 'succeeded');
  await assertRecovers(own);
});

attack('hanging-up', async () => {
  const own = await Attacker.upload(scene.customer, scene.zip);
  const answer = await own.call('hangUp');
  assert.equal(answer.status, 502);
  await assertRecovers(own);
});

attack('patched-prototypes', async () => {
  const own = await Attacker.upload(scene.customer, scene.zip);
  await own.got('patch');
  const { got } = await own.loot('spied');
  assert.deepEqual(got, { control: true, nonce: false, head: false });
});

attack('forged-log', async () => {
  const word = makeCanary('log');
  const victim = await scene.neighbour.call('print', [word]);
  const run = await scene.customer.runOf(victim);
  const lines = ['START', 'END', 'REPORT'].map((what) => `${what} RequestId: ${run.id}\t${word}-forged`);
  const forger = await scene.customer.runOf(await scene.attacker.call('print', lines));
  assert.ok((await scene.customer.logOf(forger)).join('\n').includes(`${word}-forged`));
  const log = (await scene.customer.logOf(run)).join('\n');
  assert.ok(log.includes(word) && !log.includes('forged'), log);
});
