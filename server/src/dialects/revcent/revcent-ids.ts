// Ids as this dialect's users know them: 20 letters and digits for everything (docs/specs/revcent.md section
// 10). Pure but for the randomness of new ones.
import { createHash } from 'node:crypto';
import { randomAlphanumeric } from '../../ids/ids.ts';

const LENGTH = 20;
const LETTERS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

export const ITEM_ID = /^[0-9A-Za-z]{20}$/;

export function newRevcentId(): string {
  return randomAlphanumeric(LENGTH);
}

/**
 * `context.function_run.id`: what a run's own id (a UUID) looks like here. The same run has the same one on
 * every attempt; the way back is the run's list, which shows both.
 */
export function functionRunId(runId: string): string {
  let rest = BigInt(`0x${createHash('sha256').update(runId).digest('hex').slice(0, 40)}`);
  let id = '';
  while (id.length < LENGTH) {
    id += LETTERS[Number(rest % 62n)];
    rest /= 62n;
  }
  return id;
}
