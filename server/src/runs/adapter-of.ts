// Finds the adapter of a function's dialect. Called by what starts runs.
import { fail } from '../errors/failure.ts';
import type { RunAdapter, RunAdapters } from './run-adapter.ts';

/** @throws Failure `unavailable` for a dialect that this installation doesn't speak */
export function adapterOf(adapters: RunAdapters, fn: { dialect: string }): RunAdapter {
  const adapter = adapters[fn.dialect];
  return adapter ?? fail('unavailable', { message: `no part of this installation speaks ${fn.dialect}` });
}
