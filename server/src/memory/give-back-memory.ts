// Gives back what large requests have left behind: the texts and buffers made of them are garbage that V8
// sees no reason to collect while little else is allocated, and a few dozen large bodies would keep a
// gigabyte. Collects once enough has passed through. Called where room for bodies is given back.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

type Collect = (options: { type: 'major'; execution: 'async' }) => Promise<void>;

/** What may have passed through before it is collected: a collection costs as much as some large bodies. */
const COLLECTED_BYTES = 128 * 1024 * 1024;

/** @returns what is called with the number of bytes that were let go */
export function createMemoryGiver(collect: Collect = openCollector()): (bytes: number) => void {
  let passedBytes = 0;
  let isCollecting = false;
  return (bytes) => {
    passedBytes += bytes;
    if (passedBytes < COLLECTED_BYTES || isCollecting) return;
    passedBytes = 0;
    isCollecting = true;
    void collect({ type: 'major', execution: 'async' }).finally(() => {
      isCollecting = false;
    });
  };
}

/** The collector is there for programs that ask for it only. */
function openCollector(): Collect {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as Collect;
}
