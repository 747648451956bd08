// What a change to a function may not lead to, and which changes a running sandbox would not notice by
// itself. Pure. Called by versions/deployment.ts.
import { fail } from '../errors/failure.ts';
import type { FunctionSettings } from './function.ts';
import type { SealedFunction } from './function-store.ts';

/**
 * What a sandbox is given once, when it starts; the time limit comes with every run, and `enabled` is asked
 * before it.
 */
const FIXED_IN_A_SANDBOX = [
  'name',
  'memoryMb',
  'reuse',
  'concurrency',
  'version',
  'sealedVariables',
] as const satisfies (keyof SealedFunction)[];

type Fixed = Pick<SealedFunction, (typeof FIXED_IN_A_SANDBOX)[number] | 'secretNames'>;

/** @throws Failure `invalid_input` where settings contradict each other */
export function requireAgreement({
  reuse,
  concurrency,
  runtime,
}: Pick<FunctionSettings, 'reuse' | 'concurrency'> & { runtime: string }): void {
  if (concurrency === 1) return;
  const isNode = runtime.startsWith('nodejs');
  if (reuse === 'warm' && isNode) return;
  const message = isNode
    ? 'concurrency: can only be 1 where reuse is none: there every run has a process of its own'
    : `concurrency: can only be 1 with the runtime ${runtime}: its process has one run at a time`;
  fail('invalid_input', { message, field: 'concurrency' });
}

/**
 * @returns whether sandboxes started for `before` may not run `after`; variables are the same if they are the
 * same Buffer
 */
export function needsNewSandbox(before: Fixed, after: Fixed): boolean {
  const hidesOthers = !isSameSet(before.secretNames, after.secretNames);
  return hidesOthers || FIXED_IN_A_SANDBOX.some((member) => before[member] !== after[member]);
}

function isSameSet(names: readonly string[], others: readonly string[]): boolean {
  return names.length === others.length && names.every((name) => others.includes(name));
}
