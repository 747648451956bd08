// How tests wait for what nothing announces: look, and look again. What can be awaited is awaited instead.
// Gives up after a time that no working machine needs, so that it decides nothing about how fast something
// is.
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';

const PATIENCE_MS = 60_000;
const LOOK_EVERY_MS = 20;

/** @param what is awaited, for who reads the failure; a function is asked when it is given up */
export async function until(
  what: string | (() => string),
  isSo: () => boolean | Promise<boolean>,
  lookEveryMs = LOOK_EVERY_MS,
): Promise<void> {
  for (const giveUpAt = performance.now() + PATIENCE_MS; !(await isSo()); await sleep(lookEveryMs)) {
    if (performance.now() < giveUpAt) continue;
    assert.fail(`not within ${PATIENCE_MS} ms: ${typeof what === 'string' ? what : what()}`);
  }
}
