// Attacks on what all accounts share: one publish that starts without bound, a backlog of twenty thousand
// before another account's single thing, and things made without end. By requests of a tenant to the public
// port, while the victim works beside them.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { Customer } from '../promises/customer.ts';
import { processOf } from '../promises/remains.ts';
import { attackAround, skipAround } from './attack.ts';
import { type AroundScene, json, openAround } from './open-around.ts';

const FLOWS = 900;
const SALE = 'sale.created';
const MEMORY_MB = 300;

let scene: AroundScene;

before(async () => {
  if (skipAround !== false) return;
  scene = await openAround({ MILLRACE_ACCOUNT_BOUNDS: `flows=${FLOWS}` });
});
after(() => scene?.close());

const flow = (starts: string) =>
  json({
    ...{ name: 'a flow', kind: 'sale_lifecycle', enabled: true, starts: [starts] },
    nodes: [{ id: 'begin', type: 'start', next: null }],
  });
const makeFlow = (who: Customer, starts: string): Promise<Response> =>
  who.request('/millrace/v1/flows', flow(starts));
const publish = (who: Customer, type: string, count: number): Promise<Response> =>
  who.request(
    '/millrace/v1/events',
    json(Array.from({ length: count }, () => ({ notations: [type], item_id: 'S1' }))),
  );

/** The server's memory now. MB */
function memoryMb(): number {
  const status = readFileSync(`/proc/${processOf(scene.millrace, 'serve')}/status`, 'utf8');
  const [, kb = '0'] = /VmRSS:\s+(\d+)/.exec(status) ?? [];
  return Number(kb) / 1024;
}

attackAround('things-without-end', async () => {
  const { attacker, victim } = scene;
  let made = 0;
  for (let status = 201; status === 201 && made <= FLOWS; ) {
    const answers = await Promise.all(Array.from({ length: 20 }, () => makeFlow(attacker.customer, SALE)));
    made += answers.filter((answer) => answer.status === 201).length;
    const refused = answers.find((answer) => answer.status !== 201);
    if (refused === undefined) continue;
    status = refused.status;
    assert.equal(status, 409);
    assert.match(await refused.text(), /as many flows as it may: 900 \(flows\)/);
  }
  assert.equal(made, FLOWS);
  assert.equal((await makeFlow(victim.customer, SALE)).status, 201);
});

attackAround('publish-without-bound', async () => {
  const { attacker, victim } = scene;
  const before = memoryMb();
  let peak = before;
  const watch = setInterval(() => {
    peak = Math.max(peak, memoryMb());
  }, 20);
  try {
    const floods = Array.from({ length: 8 }, () => publish(attacker.customer, SALE, 1_000));
    const own = await publish(victim.customer, SALE, 1);
    assert.equal(own.status, 202);
    for (const flood of await Promise.all(floods)) {
      assert.equal(flood.status, 429);
      assert.match(await flood.text(), /more than 20000 runs, flow runs, mails and deliveries at once/);
    }
  } finally {
    clearInterval(watch);
  }
  assert.ok(peak - before < MEMORY_MB, `the server grew by ${Math.round(peak - before)} MB`);
  assert.equal((await publish(attacker.customer, SALE, 1)).status, 202, 'one event is taken');
});

attackAround('backlog-before-others', async () => {
  const { attacker, victim } = scene;
  const taken = await publish(attacker.customer, SALE, 22);
  assert.equal(taken.status, 202, await taken.text());
  assert.equal((await publish(victim.customer, SALE, 1)).status, 202);
  type FlowRuns = { data: { status: string; event_id: string }[] };
  const runs = (who: Customer): Promise<FlowRuns> => who.json('/millrace/v1/flow-runs?limit=100');
  for (const giveUpAt = Date.now() + 30_000; ; await delay(5)) {
    const { data } = await runs(victim.customer);
    if (data.length > 0 && data.every(({ status }) => status === 'completed')) break;
    assert.ok(Date.now() < giveUpAt, 'the victim waits for all of them');
  }
  // Newest first: of those that were made last, none would be over before the victim's if all stood in one
  // line.
  const left = (await runs(attacker.customer)).data.filter(({ status }) => status === 'going');
  assert.ok(left.length > 0, 'the attacker has nothing left waiting: nothing was shown');
});
