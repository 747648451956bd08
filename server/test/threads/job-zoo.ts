// Jobs that misbehave, each in its own way, for the tests of the pool.
import { fail } from '../../src/errors/failure.ts';

export function addUp(numbers: number[]): number {
  return numbers.reduce((sum, one) => sum + one, 0);
}

export function refuse(field: string): never {
  return fail('invalid_input', { message: `${field} is wrong`, field, facts: { limit: 7 } });
}

export function goOnForEver(_input: null): never {
  for (;;);
}

export function fillMemory(_input: null): number {
  const kept: object[] = [];
  for (;;) kept.push({ at: kept.length, text: `${kept.length}`.repeat(10) });
}

export function breakDown(_input: null): never {
  throw new TypeError('a defect');
}

export function isFreeOfSettings(_input: null): boolean {
  return Object.keys(process.env).length === 0;
}
