// A watched process that hangs is ended; one that doesn't isn't. Real processes, because that is what is
// ended.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, test } from 'node:test';

const PATIENCE_MS = 600;

type End = { signal: string | null; code: number | null; stdout: string; stderr: string };

async function run(
  plan: string,
  whileItRuns?: (pid: number) => Promise<void>,
  through: readonly string[] = [],
): Promise<End> {
  const file = path.join(import.meta.dirname, 'hanging-process.ts');
  const words = [...through, process.execPath, file, String(PATIENCE_MS), plan];
  const child = spawn(words[0] as string, words.slice(1));
  const ended = once(child, 'exit') as Promise<[number | null, string | null]>;
  const [stdout, stderr] = [text(child.stdout), text(child.stderr)];
  await whileItRuns?.(child.pid as number);
  const [code, signal] = await ended;
  return { code, signal, stdout: await stdout, stderr: await stderr };
}

/** One that we may run on. */
function firstProcessor(): string {
  const status = readFileSync('/proc/self/status', 'latin1');
  return /^Cpus_allowed_list:\s+(\d+)/m.exec(status)?.[1] ?? '0';
}

describe('a watched process', () => {
  test('that hangs is ended, and says why', async () => {
    const { signal, stderr } = await run('hang');
    assert.equal(signal, 'SIGKILL');
    assert.equal(stderr, 'the loop stood still\n');
  });

  test('that stands still for a moment goes on', async () => {
    assert.deepEqual(await run('stall'), { code: 0, signal: null, stdout: 'ended by itself\n', stderr: '' });
  });

  test('that works for a moment and waits for a processor most of the time goes on', async () => {
    const pinned = ['taskset', '--cpu-list', firstProcessor()];
    const spin = [...pinned.slice(1), 'timeout', '60', 'sh', '-c', 'while :; do :; done'];
    const others = Array.from({ length: 4 }, () => spawn('taskset', spin));
    try {
      const end = await run('work', undefined, pinned);
      assert.deepEqual(end, { code: 0, signal: null, stdout: 'ended by itself\n', stderr: '' });
    } finally {
      for (const other of others) other.kill();
    }
  });

  test('that is stopped from outside for longer goes on', async () => {
    const end = await run('turn', async (pid) => {
      await new Promise((resolve) => setTimeout(resolve, PATIENCE_MS));
      process.kill(pid, 'SIGSTOP');
      await new Promise((resolve) => setTimeout(resolve, 3 * PATIENCE_MS));
      process.kill(pid, 'SIGCONT');
    });
    assert.deepEqual(end, { code: 0, signal: null, stdout: 'ended by itself\n', stderr: '' });
  });
});
