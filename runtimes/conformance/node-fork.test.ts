// Runs as forks of a template: what a child must be able to do, and what must not pass from one to the next.
// Outside of a jail; what takes a jail's own process namespace and /tmp is in
// server/test/promises/fork.test.ts.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type StartRuntime, testOnEngines } from './engines.ts';
import { type ErrorObject, handlersFolder, type Outcome, RuntimeProcess } from './runtime-process.ts';

/** Enough for a child to find that nobody calls it, and to warm up. */
const LONG_IN_STOCK_MS = 100;

const settings = { reuse: 'none', taskRoot: path.join(handlersFolder, 'fork') } as const;

function startTemplate(start: StartRuntime, handler: string): Promise<RuntimeProcess> {
  return start(handler, settings);
}

/** One run, and the next child in stock. */
async function runAndRenew(runtime: RuntimeProcess, event?: unknown): Promise<Outcome> {
  const outcome = await runtime.run(event);
  assert.equal((await runtime.ready()).exitCode, 0);
  return outcome;
}

async function resultOf(start: StartRuntime, handler: string): Promise<unknown> {
  const runtime = await startTemplate(start, handler);
  const { body } = await runAndRenew(runtime);
  return body;
}

testOnEngines('a template says that it forks, and once per run that it is ready again', async (start) => {
  const runtime = await start('platform.pid', settings);
  const seen = new Set<number>();
  for (let i = 0; i < 5; i++) {
    const [pid, real] = (await runAndRenew(runtime)).body as [number, number];
    assert.equal(pid, real);
    seen.add(pid);
  }
  assert.equal(seen.size, 5);
});

testOnEngines('no random source gives two runs the same', async (start) => {
  const runtime = await startTemplate(start, 'random.handler');
  const bySource: Record<string, Set<unknown>> = {};
  for (let i = 0; i < 20; i++) {
    const drawn = (await runAndRenew(runtime)).body as Record<string, unknown>;
    for (const [source, value] of Object.entries(drawn)) {
      const values = bySource[source] ?? new Set();
      bySource[source] = values.add(value);
    }
  }
  const counts = Object.fromEntries(Object.entries(bySource).map(([source, { size }]) => [source, size]));
  assert.deepEqual(counts, Object.fromEntries(Object.keys(bySource).map((source) => [source, 20])));
});

testOnEngines('Math.random spreads evenly between 0 and 1', async (start) => {
  const { least, most, mean } = (await resultOf(start, 'random.spread')) as Record<string, number>;
  assert.ok(least !== undefined && least >= 0 && least < 0.01);
  assert.ok(most !== undefined && most < 1 && most > 0.99);
  assert.ok(mean !== undefined && Math.abs(mean - 0.5) < 0.03);
});

test('a thousand forks draw a thousand different sequences', { timeout: 180_000 }, async () => {
  const runtime = new RuntimeProcess('random.mathOnly', settings);
  await runtime.ready();
  const sequences = new Set<string>();
  try {
    for (let i = 0; i < 1000; i++) sequences.add(JSON.stringify((await runAndRenew(runtime)).body));
  } finally {
    await runtime.kill();
  }
  assert.equal(sequences.size, 1000);
});

const behaviours: [handler: string, result: unknown][] = [
  ['platform.childProcesses', ['out\n', 'piped', 0, 3]],
  ['platform.threadPool', [true, 8, 32, '127.0.0.1']],
  ['platform.http', ['heard /x', 'heard /x']],
  ['platform.worker', [true, 5, 'timed-out']],
  ['platform.timers', true],
  ['platform.webAssembly', 42],
];

for (const [handler, result] of behaviours) {
  testOnEngines(`${handler} works in a forked child, in the second as in the first`, async (start) => {
    const runtime = await startTemplate(start, handler);
    for (let i = 0; i < 2; i++) assert.deepEqual((await runAndRenew(runtime)).body, result);
  });
}

for (const [handler, result] of [
  ['platform.fillsHeap', 'collected'],
  ['platform.neverCallsBack', null],
] as const) {
  testOnEngines(`${handler} ends when its event loop is empty, in every child`, async (start) => {
    const runtime = await startTemplate(start, handler);
    for (let i = 0; i < 10; i++) assert.equal((await runAndRenew(runtime)).body, result);
  });
}

testOnEngines('an outcome by callback waits for the event loop of the child', async (start) => {
  const runtime = await startTemplate(start, 'platform.callbackWaits');
  assert.equal((await runAndRenew(runtime)).body, 'held');
  assert.match(runtime.stdout, /\trun-1\tINFO\tstill at work\n/);
});

testOnEngines(
  'modules, packages, globals, prototypes, environment and listeners start afresh',
  async (start) => {
    const runtime = await startTemplate(start, 'leaves.handler');
    for (let i = 0; i < 3; i++) assert.deepEqual((await runAndRenew(runtime)).body, [1, 1, 1, 1, '1', 0]);
    assert.doesNotMatch(runtime.stdout, /earlier run/);
  },
);

testOnEngines('processes that a run leaves are dead before the next one begins', async (start) => {
  const runtime = await startTemplate(start, 'leaves.daemons');
  const pids = (await runAndRenew(runtime)).body as number[];
  for (const pid of pids) assert.throws(() => process.kill(pid, 0), { code: 'ESRCH' });
});

testOnEngines('output is counted from the beginning of each run', async (start) => {
  const runtime = await startTemplate(start, 'platform.callbackWaits');
  assert.match(runtime.stdout, /\tundefined\tINFO\tdrawing\n$/);
  const counts = [await runAndRenew(runtime), await runAndRenew(runtime)].map(({ head }) => head.stdoutBytes);
  assert.equal(counts[0], counts[1]);
  assert.equal(counts[0], (runtime.stdout.split('\n')[1]?.length as number) + 1);
});

for (const status of [0, 7]) {
  testOnEngines(`process.exit(${status}) of a run is told with the next READY`, async (start) => {
    const runtime = await startTemplate(start, 'ends.exits');
    for (let i = 0; i < 2; i++) {
      runtime.invoke(status);
      assert.equal((await runtime.ready()).exitCode, status);
    }
    assert.match(runtime.stdout, /\texit listener\n/);
  });
}

const fatal: [handler: string, errorType: string, status: number][] = [
  ['ends.throwsLater', 'RangeError', 129],
  ['ends.rejects', 'Runtime.UnhandledPromiseRejection', 128],
  ['missing.handler', 'Runtime.ImportModuleError', 1],
];

for (const [handler, errorType, status] of fatal) {
  testOnEngines(
    `${handler} fails its run with ${errorType}, and ends the child with ${status}`,
    async (start) => {
      const runtime = await startTemplate(start, handler);
      for (let i = 0; i < 2; i++) {
        const outcome = await runtime.run();
        assert.deepEqual([outcome.ok, (outcome.body as ErrorObject).errorType], [false, errorType]);
        assert.equal((await runtime.ready()).exitCode, status);
      }
    },
  );
}

testOnEngines('a signal that ends a run ends the template in the same way', async (start) => {
  const runtime = await startTemplate(start, 'ends.aborts');
  assert.equal(await runtime.outcome(runtime.invoke(null)), null);
  assert.deepEqual(await runtime.exited, { code: null, signal: 'SIGABRT' });
});

testOnEngines('a run can’t say READY: it doesn’t know the sandbox’s nonce', async (start) => {
  const runtime = await startTemplate(start, 'ends.writesReady');
  const nonce = runtime.invoke(null);
  await assert.rejects(runtime.ready(), /without its nonce/);
  assert.equal((await runtime.outcome(nonce))?.body, 'fine');
});

testOnEngines('what a child has done to warm up in stock is not seen by its run', async (start) => {
  const runtime = await startTemplate(start, 'stock.traces');
  for (let i = 0; i < 2; i++) {
    await sleep(LONG_IN_STOCK_MS);
    assert.deepEqual((await runAndRenew(runtime)).body, { timers: [], modules: [] });
  }
});

// V8 collects its garbage 8 s after a heap has become idle. A template's never does anything again: that
// would go off in every child.
test('the children of an old template have no more work than those of a young one', async () => {
  const runtime = new RuntimeProcess('stock.pageFaults', settings);
  try {
    await runtime.ready();
    const pageFaults: number[] = [];
    for (const ageMs of [LONG_IN_STOCK_MS, 9_000, LONG_IN_STOCK_MS]) {
      await sleep(ageMs);
      pageFaults.push((await runAndRenew(runtime)).body as number);
    }
    const [young, , old] = pageFaults as [number, number, number];
    assert.ok(old < young * 1.3, `${young} page faults, then ${old}`);
  } finally {
    await runtime.kill();
  }
});

const LARGE_PAGES = '/sys/kernel/mm/transparent_hugepage/enabled';

/** Why the kernel moves no heap to large pages, or false. */
function withoutLargePages(): string | false {
  const [major = 0, minor = 0] = os.release().split('.').map(Number);
  if (major < 6 || (major === 6 && minor < 1))
    return 'kernels before 6.1 move no memory to large pages when asked';
  if (!existsSync(LARGE_PAGES) || readFileSync(LARGE_PAGES, 'latin1').includes('[never]'))
    return 'the kernel has no large pages to give';
  return false;
}

test('a template that is much used keeps code and heap on large pages', {
  skip: withoutLargePages(),
}, async () => {
  const runtime = new RuntimeProcess('pages.large', {
    reuse: 'none',
    taskRoot: path.join(handlersFolder, 'fork-large'),
    memoryMb: 256,
  });
  try {
    await runtime.ready();
    assert.deepEqual((await runAndRenew(runtime)).body, [0, 0]);
    for (let runs = 1; runs < 40; runs++) await runAndRenew(runtime);
    const [heapKb, allKb] = (await runAndRenew(runtime)).body as [number, number];
    assert.ok(heapKb > 0 && allKb > heapKb + 20_000, `${heapKb} KB of the heap, ${allKb} KB in all`);
  } finally {
    await runtime.kill();
  }
});

testOnEngines('packages that can’t be loaded, or would end the process, stop nothing', async (start) => {
  const runtime = await startTemplate(start, 'platform.pid');
  await runAndRenew(runtime);
  assert.equal(runtime.stderr, '');
});

testOnEngines('the template exits when the server closes the socket', async (start) => {
  const runtime = await startTemplate(start, 'platform.pid');
  assert.deepEqual(await runtime.close(), { code: 0, signal: null });
});
