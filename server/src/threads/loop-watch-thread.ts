// The thread that looks whether the process's event loop turns, and ends the process when it has stood still
// for its patience. Time in which the main thread waited for a processor doesn't count: on a machine that has
// more to do than it can, a healthy server is slow, and an end would make it slower. Started by loop-watch.ts
// alone.
import { readFileSync, writeSync } from 'node:fs';
import { workerData } from 'node:worker_threads';
import { LOOKS } from './loop-watch.ts';

type Orders = { turns: Int32Array; everyMs: number; lastWords: string };

const { turns, everyMs, lastWords } = workerData as Orders;
const STDERR = 2;
/** The kernel counts processor time in hundredths of a second there, on every machine. */
const MS_PER_TICK = 10;

type Thread = { isReady: boolean; workedMs: number };

let seen = Atomics.load(turns, 0);
let before = mainThread();
let stoodMs = 0;

setInterval(() => {
  const now = Atomics.load(turns, 0);
  const thread = mainThread();
  stoodMs = now === seen ? stoodMs + stoodBetween(before, thread) : 0;
  seen = now;
  before = thread;
  // To the nearest look.
  if (stoodMs > (LOOKS - 0.5) * everyMs) end();
}, everyMs);

/** One that is ready to run stands still while it works; what it waits for a processor is the machine's. */
function stoodBetween(from: Thread | null, to: Thread | null): number {
  if (from === null || to === null || !to.isReady) return everyMs;
  return Math.min(everyMs, to.workedMs - from.workedMs);
}

/** @returns null where the kernel doesn't say. Fields: proc_pid_stat(5), counted from the third. */
function mainThread(): Thread | null {
  try {
    const stat = readFileSync(`/proc/self/task/${process.pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const ticks = Number(fields[11]) + Number(fields[12]);
    return { isReady: fields[0] === 'R', workedMs: ticks * MS_PER_TICK };
  } catch {
    return null;
  }
}

/** No handler of the process can run any more: only the kernel can end it. */
function end(): void {
  try {
    writeSync(STDERR, `${lastWords}\n`);
  } catch {
    // Nobody reads it: the end comes all the same.
  }
  process.kill(process.pid, 'SIGKILL');
}
