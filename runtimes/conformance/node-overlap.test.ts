// Several runs at a time in one Node process (`concurrency` of START): each has its own event, context,
// output, questions and end.
import assert from 'node:assert/strict';
import { FRAME, splitPayload } from '../../contract/frames.cjs';
import { testOnEngines } from './engines.ts';
import type { ErrorObject, Frame, RuntimeProcess } from './runtime-process.ts';

type Ended = { ok: boolean; body: unknown; head: Record<string, unknown>; log: string; frames: number[] };

const SHARED = { concurrency: 10 };
/** What an outcome's head says where all output has gone before it. */
const NO_BYTES = { stdoutBytes: 0, stderrBytes: 0 };

/** Reads frames until each of the runs has an outcome, or the process has ended. */
async function endsOf(runtime: RuntimeProcess, nonces: readonly Buffer[]): Promise<Ended[]> {
  const ends = nonces.map((): Ended => ({ ok: false, body: undefined, head: {}, log: '', frames: [] }));
  let open = nonces.length;
  while (open > 0) {
    const frame = await runtime.nextFrame();
    if (frame === null) break;
    const end = ends[nonces.findIndex((nonce) => nonce.equals(frame.nonce))];
    if (end === undefined) continue;
    if (take(end, frame)) open -= 1;
  }
  return ends;
}

/** @returns whether it is the run's outcome */
function take(end: Ended, { type, payload }: Frame): boolean {
  end.frames.push(type);
  if (type === FRAME.LOG) end.log += `${payload[0] === 2 ? 'stderr: ' : ''}${payload.subarray(1)}`;
  if (type !== FRAME.RESULT && type !== FRAME.ERROR) return false;
  const { head, body } = splitPayload(payload);
  Object.assign(end, {
    ok: type === FRAME.RESULT,
    head: JSON.parse(head.toString()),
    body: JSON.parse(body.toString()),
  });
  return true;
}

const messageOf = (end: Ended | undefined): string =>
  (end?.body as ErrorObject | undefined)?.errorMessage ?? '';

testOnEngines('overlapping runs have each their own event, context, output and result', async (start) => {
  const runtime = await start('overlap/tells-itself.handler', SHARED);
  const names = ['a', 'b', 'c', 'd', 'e'];
  const nonces = names.map((name, i) =>
    runtime.invoke({ name, ms: 100 - 10 * i }, Date.now() + 10_000 * (i + 1)),
  );
  const ends = await endsOf(runtime, nonces);
  for (const [i, { ok, body, head, log }] of ends.entries()) {
    const { name, id, leftMs } = body as { name: string; id: string; leftMs: number; most: number };
    assert.deepEqual([ok, name, id, head], [true, names[i], `run-${i + 1}`, NO_BYTES]);
    assert.ok(leftMs > 10_000 * i && leftMs <= 10_000 * (i + 1), `${leftMs}`);
    const lines = log.replaceAll(/^\S+Z\t/gm, '').split('\n');
    assert.deepEqual(lines, [
      `${id}\tINFO\tbegins ${name}`,
      `half of ${name}, and the rest`,
      `stderr: stderr of ${name}`,
      `${id}\tWARN\tends ${name}`,
      '',
    ]);
  }
  assert.equal(Math.max(...ends.map(({ body }) => (body as { most: number }).most)), 5);
  assert.equal(runtime.stdout + runtime.stderr, '');
});

testOnEngines('what a run prints after its answer is still its own', async (start) => {
  const runtime = await start('overlap/tells-itself.later', SHARED);
  const nonces = ['a', 'b'].map((name, i) => runtime.invoke({ name, ms: 40 - 20 * i }));
  await endsOf(runtime, nonces);
  const late = [await runtime.nextFrame(), await runtime.nextFrame()];
  assert.deepEqual(
    late.map((frame) => frame?.type),
    [FRAME.LOG, FRAME.LOG],
  );
  assert.deepEqual(
    late.map((frame) => frame?.nonce),
    [nonces[1], nonces[0]],
  );
  assert.match(`${late[0]?.payload}`, /run-2\tINFO\tlate of b\n$/);
});

testOnEngines('what passes the console by is on the process’s own stdout', async (start) => {
  const runtime = await start('overlap/tells-itself.raw', SHARED);
  const ends = await endsOf(runtime, [
    runtime.invoke({ name: 'a', ms: 5 }),
    runtime.invoke({ name: 'b', ms: 5 }),
  ]);
  assert.deepEqual(
    ends.map(({ log }) => log),
    ['', ''],
  );
  await runtime.stdoutMatching(/raw of a\nraw of b\n/);
});

testOnEngines('a run sends one byte more than its limit, and says how much it dropped', async (start) => {
  const runtime = await start('overlap/tells-itself.floods', { ...SHARED, logLimitBytes: 50_000 });
  const [flood, calm] = await endsOf(runtime, [
    runtime.invoke({ lines: 5000 }),
    runtime.invoke({ lines: 1 }),
  ]);
  assert.equal(flood?.log.length, 50_001);
  const lineBytes = calm?.log.length ?? 0;
  assert.deepEqual(flood?.head, { ...NO_BYTES, droppedBytes: 5000 * lineBytes - 50_001 });
  assert.deepEqual(calm?.head, NO_BYTES);
});

testOnEngines(
  'a replaced process.stdout.write sees the lines, and a write’s callback is called',
  async (start) => {
    const runtime = await start('overlap/tells-itself.replaced', SHARED);
    const [end] = await endsOf(runtime, [runtime.invoke({ name: 'a' })]);
    assert.deepEqual(end?.body, [2, null]);
    assert.match(end?.log ?? '', /^with a callback\n.*INFO\tof a\n$/);
  },
);

testOnEngines('a trace shows nothing of the runtime', async (start) => {
  const runtime = await start('overlap/throws.handler', SHARED);
  const [end] = await endsOf(runtime, [runtime.invoke(null)]);
  const trace = (end?.body as ErrorObject | undefined)?.trace ?? [];
  assert.equal(trace.length, 2);
  assert.match(trace[1] ?? '', /^ {4}at .*overlap\/throws\.js:2:9\)?$/);
});

testOnEngines('patched prototypes mix up no runs', async (start) => {
  const runtime = await start('overlap/tells-itself.patched', SHARED);
  await endsOf(runtime, [runtime.invoke({ name: 'first' })]);
  const ends = await endsOf(
    runtime,
    ['a', 'b'].map((name) => runtime.invoke({ name })),
  );
  assert.deepEqual(
    ends.map(({ body }) => body),
    ['a', 'b'],
  );
  for (const [i, { log }] of ends.entries())
    assert.match(log, new RegExp(`run-${i + 2}\tINFO\tof ${'ab'[i]}\n$`));
});

testOnEngines('a callback’s value is sent at once: the event loop is everybody’s', async (start) => {
  const runtime = await start('overlap/callbacks.waits', SHARED);
  const startedAt = performance.now();
  const [end] = await endsOf(runtime, [runtime.invoke({ name: 'a', ms: 5_000 })]);
  assert.deepEqual(end?.body, ['a', false]);
  assert.ok(performance.now() - startedAt < 4_000);
});

testOnEngines('an empty event loop completes every run that is left', async (start) => {
  const runtime = await start('overlap/callbacks.never', SHARED);
  const ends = await endsOf(
    runtime,
    ['never', 'ends', 'never'].map((name) => runtime.invoke({ name, ms: 30 })),
  );
  assert.deepEqual(
    ends.map(({ ok, body }) => [ok, body]),
    [
      [true, null],
      [true, 'ended'],
      [true, null],
    ],
  );
  const [again] = await endsOf(runtime, [runtime.invoke({ name: 'ends', ms: 1 })]);
  assert.equal(again?.body, 'ended');
});

for (const [how, message] of [
  ['throws', /Cannot read properties of null/],
  ['rejects', /TypeError: nobody cares/],
] as const) {
  testOnEngines(
    `a run that ${how} where nobody catches fails alone, and no further ones are taken`,
    async (start) => {
      const runtime = await start('overlap/ends-badly.handler', SHARED);
      const bad = runtime.invoke({ how, ms: 5_000 });
      const good = runtime.invoke({ how: 'waits', ms: 60 });
      const drain = await runtime
        .nextFrame()
        .then((first) => (first?.type === FRAME.LOG ? runtime.nextFrame() : first));
      assert.deepEqual([drain?.type, drain?.payload.length], [FRAME.DRAIN, 0]);
      const [failed, fine] = await endsOf(runtime, [bad, good]);
      assert.match(messageOf(failed), message);
      assert.deepEqual([failed?.ok, failed?.head.fatal], [false, undefined]);
      assert.deepEqual([fine?.ok, fine?.body], [true, 'waits 2']);
    },
  );
}

testOnEngines('an error after a run’s answer is no other run’s', async (start) => {
  const runtime = await start('overlap/ends-badly.handler', SHARED);
  const nonces = [runtime.invoke({ how: 'throws after' }), runtime.invoke({ how: 'waits', ms: 80 })];
  const [answered, fine] = await endsOf(runtime, nonces);
  assert.deepEqual([answered?.body, fine?.body], ['answered', 'waits 2']);
  assert.match(answered?.log ?? '', /ERROR\tUncaught Exception/);
  assert.equal(fine?.log, '');
});

testOnEngines('the run whose code ends the process is named', async (start) => {
  const runtime = await start('overlap/ends-badly.handler', SHARED);
  const nonces = ['waits', 'exits', 'waits'].map((how) => runtime.invoke({ how, ms: 5_000 }));
  const ends = await endsOf(runtime, nonces);
  assert.deepEqual(
    ends.map(({ frames }) => frames),
    [[], [FRAME.EXITING], []],
  );
  assert.deepEqual(runtime.begun.slice(0, 2), nonces.slice(0, 2));
  assert.equal((await runtime.exited).code, 3);
});

testOnEngines('an error of no run ends the process and every run in it', async (start) => {
  const runtime = await start('overlap/no-run.handler', SHARED);
  const nonces = ['waits', 'throws', 'waits'].map((how) => runtime.invoke({ how, ms: 5_000 }));
  const ends = await endsOf(runtime, nonces);
  for (const end of ends) assert.deepEqual([messageOf(end), end.head.fatal], ['of no run', true]);
  assert.equal((await runtime.exited).code, 129);
});

testOnEngines('what no run prints is the process’s, and what no run asks is refused', async (start) => {
  const runtime = await start('overlap/no-run.handler', {
    ...SHARED,
    globals: { store: { read: 'values.read' } },
  });
  const [printed] = await endsOf(runtime, [runtime.invoke({ how: 'prints', ms: 50 })]);
  assert.deepEqual([printed?.body, printed?.log], ['prints', '']);
  await runtime.stdoutMatching(/\tundefined\tINFO\tprinted by no run\n/);
  const [asked] = await endsOf(runtime, [runtime.invoke({ how: 'asks' })]);
  assert.deepEqual(asked?.body, ['run_ended', 'this is not asked by the work of a run that is going on']);
});

testOnEngines('answers reach the run that asked, in its own context', async (start) => {
  const runtime = await start('overlap/asks.handler', {
    ...SHARED,
    globals: { store: { read: 'values.read' } },
  });
  const nonces = ['a', 'b'].map((name) => runtime.invoke({ name }));
  const asked: { nonce: Buffer; id: number; what: unknown }[] = [];
  while (asked.length < 4) {
    const { nonce, payload } = (await runtime.nextFrame()) as Frame;
    const { head, body } = splitPayload(payload);
    asked.push({ nonce, id: JSON.parse(head.toString()).id, what: JSON.parse(body.toString())[0] });
  }
  // Answered the other way round; ids are the same in both runs, the nonce distinguishes them.
  for (const { nonce, id, what } of asked.reverse()) runtime.reply(nonce, id, `answer to ${what}`);
  const ends = await endsOf(runtime, nonces);
  ['a', 'b'].forEach((name, i) => {
    assert.deepEqual(ends[i]?.body, [`answer to callback of ${name}`, `answer to promise of ${name}`]);
    assert.match(ends[i]?.log ?? '', new RegExp(`run-${i + 1}\tINFO\tanswered ${name}\n$`));
  });
});
