// The thread that looks whether the process's event loop turns, and ends the process when it hasn't for as
// many looks as it may miss. Started by loop-watch.ts alone.
import { writeSync } from 'node:fs';
import { workerData } from 'node:worker_threads';
import { LOOKS } from './loop-watch.ts';

type Orders = { turns: Int32Array; everyMs: number; lastWords: string };

const { turns, everyMs, lastWords } = workerData as Orders;
const STDERR = 2;

let seen = Atomics.load(turns, 0);
let missed = 0;

setInterval(() => {
  const now = Atomics.load(turns, 0);
  missed = now === seen ? missed + 1 : 0;
  seen = now;
  if (missed >= LOOKS) end();
}, everyMs);

/** No handler of the process can run any more: only the kernel can end it. */
function end(): void {
  try {
    writeSync(STDERR, `${lastWords}\n`);
  } catch {
    // Nobody reads it: the end comes all the same.
  }
  process.kill(process.pid, 'SIGKILL');
}
