// Registers one attack as a test. What it does and which wall stops it stands in docs/security.md alone: the
// test bears those words, and an attack that isn't listed there can't be registered. quick-list.test.ts
// proves the other direction.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { noJails } from '../promises/start-millrace.ts';
import { noCompiler } from './attacker.ts';

export type ListedAttack = { id: string; deed: string; wall: string };

const DOCUMENT = path.resolve(import.meta.dirname, '../../../docs/security.md');
const HEADING = '## The attacks that are tried';

/** The rows of the list in docs/security.md, in order. */
export function listedAttacks(): ListedAttack[] {
  const [, section = ''] = readFileSync(DOCUMENT, 'utf8').split(HEADING);
  return [...section.matchAll(/^\| `([a-z0-9-]+)` \| (.+?) \| (.+?) \|$/gm)].map(
    ([, id = '', deed = '', wall = '']) => ({ id, deed, wall }),
  );
}

const listed = new Map(listedAttacks().map((one) => [one.id, one]));

/** For the `skip` option: every attack needs jails and the attacker's program. */
export const skipAttacks = noJails() || noCompiler();

/**
 * For the `skip` option: who attacks around the jail needs functions that run, and no program of their own.
 */
export const skipAround = noJails();

/** @throws Error when docs/security.md doesn't list it */
export function attack(id: string, carryOut: () => Promise<void>): void {
  test(titleOf(id), { skip: skipAttacks }, carryOut);
}

/**
 * By requests to the platform's public port, not out of a function. @throws Error when docs/security.md
 * doesn't list it
 */
export function attackAround(
  id: string,
  carryOut: () => Promise<void>,
  { withinMs }: { withinMs?: number } = {},
): void {
  const limit = withinMs === undefined ? {} : { timeout: withinMs };
  test(titleOf(id), { skip: skipAround, ...limit }, carryOut);
}

function titleOf(id: string): string {
  const found = listed.get(id);
  if (found === undefined) throw new Error(`docs/security.md doesn't list the attack ${id}`);
  return `${id}: ${found.deed.replaceAll('`', '')} (${found.wall})`;
}
