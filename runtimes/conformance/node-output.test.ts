// Where a Node run's output goes and how much of it the outcome counts (docs/specs/lambda.md sections 4 and
// 10).
import assert from 'node:assert/strict';
import { testOnEngines } from './engines.ts';

const TIME = '\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z';

testOnEngines('console methods print time, run, level and formatted text on stdout', async (start) => {
  const runtime = await start('console-levels.handler');
  const { head } = await runtime.run();
  const lines = (await runtime.stdoutUpTo(head.stdoutBytes)).split('\n');
  const expected = [
    `^${TIME}\tundefined\tINFO\twhile loading$`,
    `^${TIME}\trun-1\tINFO\tlog text 7 \\{ a: 1 \\}$`,
    `^${TIME}\trun-1\tINFO\tinfo$`,
    `^${TIME}\trun-1\tWARN\twarn$`,
    `^${TIME}\trun-1\tERROR\terror$`,
    `^${TIME}\trun-1\tDEBUG\tdebug$`,
    `^${TIME}\trun-1\tTRACE\ttrace$`,
    `^${TIME}\trun-1\tINFO\ttwo\rlines$`,
    `^${TIME}\trun-1\tINFO\t$`,
    '^$',
  ];
  assert.equal(lines.length, expected.length);
  expected.forEach((pattern, i) => {
    assert.match(lines[i] ?? '', new RegExp(pattern));
  });
  assert.equal(runtime.stderr, '');
});

testOnEngines('output without a newline and output on stderr are counted in bytes', async (start) => {
  const runtime = await start('prints-without-newline.handler');
  const first = await runtime.run();
  assert.match(await runtime.stdoutUpTo(first.head.stdoutBytes), /^no newline, äö\d{4}-.*\tINFO\tline\n$/);
  assert.equal(first.head.stderrBytes, 3);
  const second = await runtime.run();
  assert.equal(second.head.stdoutBytes, 2 * first.head.stdoutBytes);
  assert.equal(second.head.stderrBytes, 6);
});

testOnEngines('an outcome waits until what a stream holds is written', async (start) => {
  const runtime = await start('writes-much-to-stdout.handler');
  const nonce = runtime.invoke(null);
  const outcome = await runtime.outcome(nonce);
  assert.equal(outcome?.body, 'done');
  const text = await runtime.stdoutUpTo(outcome.head.stdoutBytes);
  assert.match(text.slice(0, 1_000_001), /^x{1000000}\d$/);
  assert.match(text.slice(-7), /\tafter\n/);
});

testOnEngines('a flood is neither lost nor miscounted when the reader is slow', async (start) => {
  const runtime = await start('floods-stdout.handler');
  runtime.pauseStdout();
  const nonce = runtime.invoke(null);
  setTimeout(() => runtime.resumeStdout(), 50);
  const outcome = await runtime.outcome(nonce);
  const text = await runtime.stdoutUpTo(outcome?.head.stdoutBytes ?? 0);
  assert.equal(outcome?.head.stdoutBytes, Buffer.byteLength(text));
  assert.equal(text.match(/\tINFO\ty{1000}\n/g)?.length, 3000);
});

testOnEngines('a replaced process.stdout.write sees the console’s lines', async (start) => {
  const runtime = await start('replaces-stdout-write.handler');
  const { body, head } = await runtime.run();
  assert.deepEqual(body, ['captured\n']);
  assert.equal(head.stdoutBytes, 0);
});

testOnEngines('work that goes on after a run prints under that run', async (start) => {
  const runtime = await start('console-after-the-run.handler');
  await runtime.run('first');
  await runtime.stdoutMatching(/\trun-1\tINFO\tstray\n/);
  const second = await runtime.run('second');
  assert.equal(second.head.stdoutBytes, Buffer.byteLength(runtime.stdout));
});

testOnEngines('a failed run prints Lambda’s Invoke Error line before its outcome', async (start) => {
  const runtime = await start('callback-error.handler');
  const { head } = await runtime.run();
  const text = await runtime.stdoutUpTo(head.stdoutBytes);
  const [, json] = /\trun-1\tERROR\tInvoke Error \t(\{.*\})\n$/.exec(text) ?? [];
  const logged = JSON.parse(json ?? 'null') as { errorType: string; errorMessage: string; stack: string[] };
  assert.equal(logged.errorType, 'TypeError');
  assert.equal(logged.errorMessage, 'no such sale');
  assert.equal(logged.stack[0], 'TypeError: no such sale');
});
