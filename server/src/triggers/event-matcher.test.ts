import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Interest, indexInterests, type Matchable, matchEvent } from './event-matcher.ts';
import { expandNotations } from './notation.ts';

type Rng = () => number;

/** mulberry32: the same cases at every run. */
function randomFrom(seed: number): Rng {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function pick<T>(random: Rng, from: readonly T[]): T {
  return from[Math.floor(random() * from.length)] as T;
}

function some<T>(random: Rng, from: readonly T[], most: number): T[] {
  return Array.from({ length: Math.floor(random() * (most + 1)) }, () => pick(random, from));
}

const NOTATIONS = [
  ...[
    'sale.created',
    'sale.created.success',
    'sale.created.success.paid',
    'sale.created.fail',
    'sale.voided',
  ],
  ...['customer.created', 'customer.created.vip', 'order:created', 'order:fulfilled', 'sale.creat'],
];
const CAMPAIGNS = ['c1', 'c2', 'c3'];

function randomInterest(random: Rng, number: number): Interest {
  return {
    id: `t${number}`,
    recipient: `f${Math.floor(random() * 6)}`,
    notations: [pick(random, NOTATIONS), ...some(random, NOTATIONS, 3)],
    campaigns: random() < 0.5 ? [] : some(random, CAMPAIGNS, 2),
    shops: random() < 0.7 ? [] : some(random, ['s1', 's2'], 2),
  };
}

function randomEvent(random: Rng): Matchable {
  return {
    notations: expandNotations([pick(random, NOTATIONS), ...some(random, NOTATIONS, 2)]),
    campaign: random() < 0.3 ? null : pick(random, CAMPAIGNS),
    shop: random() < 0.5 ? null : pick(random, ['s1', 's2']),
  };
}

/** What the index must say, by the words of the rule: asks every interest about every notation. */
function naiveMatches(interests: readonly Interest[], event: Matchable): Record<string, [string, string]> {
  const told: Record<string, [string, string]> = {};
  for (const recipient of new Set(interests.map((interest) => interest.recipient))) {
    const own = interests.filter(
      (interest) =>
        interest.recipient === recipient &&
        (interest.campaigns.length === 0 || interest.campaigns.includes(event.campaign as string)) &&
        (interest.shops.length === 0 || interest.shops.includes(event.shop as string)),
    );
    const notation = event.notations.find((candidate) =>
      own.some((interest) => interest.notations.includes(candidate)),
    );
    if (notation === undefined) continue;
    const first = own.find((interest) => interest.notations.includes(notation)) as Interest;
    told[recipient] = [first.id, notation];
  }
  return told;
}

test('the index says the same as asking every interest about every notation', () => {
  const random = randomFrom(20_261_122);
  let matched = 0;
  for (let round = 0; round < 4_000; round += 1) {
    const interests = Array.from({ length: Math.floor(random() * 12) }, (_, number) =>
      randomInterest(random, number),
    );
    const event = randomEvent(random);
    const matches = matchEvent(indexInterests(interests), event);
    const told = Object.fromEntries(
      matches.map(({ interest, notation }) => [interest.recipient, [interest.id, notation]]),
    );
    assert.equal(matches.length, Object.keys(told).length, 'a recipient is told once');
    assert.deepEqual(told, naiveMatches(interests, event));
    matched += matches.length;
  }
  assert.ok(matched > 4_000, `the cases match something: ${matched}`);
});

const ALL = { campaigns: [], shops: [] };

test('a function is told the most specific notation that it listens to, once', () => {
  const interests = [
    { id: 'a', recipient: 'f', notations: ['sale.created'], ...ALL },
    { id: 'b', recipient: 'f', notations: ['sale.created.success', 'sale.created'], ...ALL },
  ];
  const event = { notations: expandNotations(['sale.created.success.paid']), campaign: null, shop: null };
  const matches = matchEvent(indexInterests(interests), event);
  assert.deepEqual(
    matches.map(({ interest, notation }) => [interest.id, notation]),
    [['b', 'sale.created.success']],
  );
});

test('an event of no campaign is not of a certain one', () => {
  const index = indexInterests([
    { id: 'a', recipient: 'f', notations: ['sale.created'], campaigns: ['c'], shops: [] },
  ]);
  assert.equal(matchEvent(index, { notations: ['sale.created'], campaign: null, shop: null }).length, 0);
  assert.equal(matchEvent(index, { notations: ['sale.created'], campaign: 'c', shop: null }).length, 1);
});

test('an event finds its few listeners among 10,000 triggers', (context) => {
  const interests = Array.from({ length: 10_000 }, (_, number) => ({
    ...{ id: `t${number}`, recipient: `f${number}`, ...ALL },
    notations: [`sale.kind${Math.floor(number / 10)}`, 'customer.created.some'],
  }));
  const index = indexInterests(interests);
  const event = { notations: expandNotations(['sale.kind500.success']), campaign: null, shop: null };
  const startedAt = performance.now();
  for (let round = 0; round < 1_000; round += 1) matchEvent(index, event);
  const fewMs = (performance.now() - startedAt) / 1_000;
  assert.equal(matchEvent(index, event).length, 10);
  const fromAll = performance.now();
  const all = matchEvent(index, { notations: ['customer.created.some'], campaign: null, shop: null });
  context.diagnostic(
    `10 of 10,000: ${fewMs.toFixed(4)} ms; all 10,000: ${(performance.now() - fromAll).toFixed(2)} ms`,
  );
  assert.equal(all.length, 10_000);
});
