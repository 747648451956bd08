import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { type TestContext, test } from 'node:test';

/** Prints every signal that it gets and ends with status 7 when its input ends. */
const PROGRAM = `
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => console.log(signal));
process.stdin.on('end', () => process.exit(7)).resume();
console.log(process.pid);`;

type Wrapper = {
  wrapper: ChildProcess;
  nextLine: () => Promise<string>;
  /** Ends the program's input; resolves with the wrapper's exit status. */
  end: () => Promise<number>;
};

/** Runs a program through runInForeground in a process of its own, as start.mjs does. */
function startWrapper(t: TestContext, sameSignalMs = 300): Wrapper {
  const module = path.join(import.meta.dirname, 'foreground.mjs');
  const code = `const { runInForeground } = await import(${JSON.stringify(module)});
    const args = ['-e', ${JSON.stringify(PROGRAM)}];
    process.exitCode = await runInForeground(process.execPath, args, process.env, ${sameSignalMs});`;
  const wrapper = spawn(process.execPath, ['--input-type=module', '-e', code], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exited = once(wrapper, 'exit') as Promise<[number]>;
  const lines = createInterface({ input: wrapper.stdout as NodeJS.ReadableStream })[Symbol.asyncIterator]();
  const end = async (): Promise<number> => {
    wrapper.stdin?.end();
    return (await exited)[0];
  };
  t.after(end);
  return { wrapper, nextLine: async () => String((await lines.next()).value), end };
}

test('a signal that comes twice at once reaches the program once', async (t) => {
  const { wrapper, nextLine, end } = startWrapper(t, 600_000);
  await nextLine();
  wrapper.kill('SIGINT');
  assert.equal(await nextLine(), 'SIGINT');
  wrapper.kill('SIGINT');
  wrapper.kill('SIGTERM');
  // Had the second SIGINT been passed on, it would stand here.
  assert.equal(await nextLine(), 'SIGTERM');
  assert.equal(await end(), 7);
});

test('a signal that comes again later reaches the program again', async (t) => {
  const { wrapper, nextLine } = startWrapper(t, 0);
  await nextLine();
  wrapper.kill('SIGINT');
  assert.equal(await nextLine(), 'SIGINT');
  wrapper.kill('SIGINT');
  assert.equal(await nextLine(), 'SIGINT');
});

test('a closed terminal ends the program like SIGTERM', async (t) => {
  const { wrapper, nextLine } = startWrapper(t);
  await nextLine();
  wrapper.kill('SIGHUP');
  assert.equal(await nextLine(), 'SIGTERM');
});

test('a program that a signal ends gives 128 and the number of the signal', async (t) => {
  const { nextLine, end } = startWrapper(t);
  process.kill(Number(await nextLine()), 'SIGKILL');
  assert.equal(await end(), 137);
});
