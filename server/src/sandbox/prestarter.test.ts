import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Prestarter } from './prestarter.ts';

type Scene = {
  prestarter: Prestarter;
  started: string[];
  pauses: number[];
  pass(ms: number): void;
  done(): Promise<void>;
};

/** @param tookMs what each start takes */
function open(mostPerMinute: number, tookMs = 0): Scene {
  let now = 1;
  const started: string[] = [];
  const pauses: number[] = [];
  const prestarter = new Prestarter({
    mostPerMinute,
    clock: () => now,
    start: async (id) => {
      started.push(id);
      now += tookMs;
    },
    pause: async (ms) => void pauses.push(ms),
  });
  const pass = (ms: number): void => {
    now += ms;
  };
  const done = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  return { prestarter, started, pauses, pass, done };
}

test('a version is started once, in turns over accounts, with pauses as long as the starts', async () => {
  const { prestarter, started, pauses, done } = open(100, 7);
  for (const [accountId, functionId] of ['A1', 'A2', 'A3', 'B1', 'A1'].map(
    (name) => [name[0], name] as const,
  ))
    prestarter.request({ accountId: accountId ?? '', functionId, version: 1 });
  await done();
  assert.deepEqual(started, ['A1', 'A2', 'B1', 'A3']);
  assert.deepEqual(pauses, [7, 7, 7, 7]);
  prestarter.request({ accountId: 'A', functionId: 'A1', version: 1 });
  prestarter.request({ accountId: 'A', functionId: 'A1', version: 2 });
  await done();
  assert.deepEqual(started.slice(4), ['A1']);
});

test('an account has so many in a minute, whatever others do; none where there are to be none', async () => {
  const { prestarter, started, pass, done } = open(2);
  const wanted = (accountId: string, count: number): void => {
    for (let i = 0; i < count; i += 1)
      prestarter.request({ accountId, functionId: `${accountId}${started.length}-${i}`, version: 1 });
  };
  wanted('A', 50);
  wanted('B', 1);
  await done();
  assert.equal(started.length, 3);
  wanted('A', 1);
  await done();
  assert.equal(started.length, 3);
  pass(60_001);
  wanted('A', 5);
  await done();
  assert.equal(started.length, 5);
  const never = open(0);
  never.prestarter.request({ accountId: 'A', functionId: 'f', version: 1 });
  await never.done();
  assert.deepEqual(never.started, []);
});

test('nothing is started after the end', async () => {
  const { prestarter, started, done } = open(10);
  prestarter.close();
  prestarter.request({ accountId: 'A', functionId: 'f', version: 1 });
  await done();
  assert.deepEqual(started, []);
});
