// The first things of a list: as many as were asked for, and no page more.
import { CliError } from '../cli-error.ts';
import type { Option } from './command.ts';

export const LIMIT_OPTION = {
  type: 'string',
  value: 'count',
  about: 'as many at most; 50 if it is left out',
} as const satisfies Option;

const USUAL = 50;

export async function take<Item>(list: AsyncIterable<Item>, count: number): Promise<Item[]> {
  const taken: Item[] = [];
  if (count === 0) return taken;
  for await (const item of list) {
    taken.push(item);
    if (taken.length >= count) break;
  }
  return taken;
}

/** @throws CliError `usage` */
export function readCount(given: string | undefined, usual = USUAL): number {
  if (given === undefined) return usual;
  const count = Number(given);
  if (!Number.isInteger(count) || count < 1) {
    throw new CliError('usage', `--limit, --count: ${given} is no whole number from 1 on`);
  }
  return count;
}

/** The largest page that a list of so many needs. */
export function pageOf(count: number): number {
  return Math.min(count, 500);
}
