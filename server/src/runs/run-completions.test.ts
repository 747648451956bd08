import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RunCompletions } from './run-completions.ts';

test('what was pushed before is done when it resolves, in order, whatever fails; what comes later may wait', async () => {
  const [done, errors]: [number[], unknown[]] = [[], []];
  const completions = new RunCompletions((error) => errors.push(error));
  for (let at = 0; at < 3_000; at += 1) {
    completions.push(() => {
      if (at === 1) throw new Error('one');
      done.push(at);
    });
  }
  const finishing = Promise.all([completions.finish(), completions.finish()]);
  assert.deepEqual(done, []);
  await finishing;
  assert.deepEqual(
    done,
    Array.from({ length: 3_000 }, (_, at) => at).filter((at) => at !== 1),
  );
  assert.equal(errors.length, 1);
});

test('the event loop turns between slices of work', async () => {
  const completions = new RunCompletions(() => assert.fail());
  const turns: number[] = [];
  let turn = 0;
  for (let at = 0; at < 20; at += 1) {
    completions.push(() => {
      turns.push(turn);
      for (const until = performance.now() + 0.3; performance.now() < until; );
    });
  }
  const finishing = completions.finish();
  const count = (): void => {
    turn += 1;
    if (turns.length < 20) setImmediate(count);
  };
  count();
  await finishing;
  // Two pieces take longer than a slice: none holds more.
  const most = Math.max(...turns.map((one) => turns.filter((other) => other === one).length));
  assert.ok(most <= 2, `${most} in one turn`);
});
