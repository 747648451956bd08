// Finds the run that a person means: its id, `last`, or the end of the id of one of the
// newest.
import type { MillraceClient, Schemas } from '@millrace/client';
import { CliError } from '../cli-error.ts';
import { findFunction } from './find-function.ts';
import { take } from './take.ts';

type Run = Schemas['Run'];

const WHOLE_ID = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/;
const LOOKED_AT = 500;
/** Trials of code that isn't saved can't be repeated: `last` passes over them. */
const FEW = 50;

export const RUN = { name: 'run', about: 'its id, the end of it, or `last`' } as const;

/** @param of only runs of this function @throws CliError `no_run` `several_runs` */
export async function findRun(client: MillraceClient, given: string, of?: string): Promise<Run> {
  if (WHOLE_ID.test(given)) return await client.get('/runs/{id}', { params: { path: { id: given } } });
  const count = given === 'last' ? FEW : LOOKED_AT;
  const function_id = of === undefined ? undefined : (await findFunction(client, of)).id;
  const query = { limit: count, ...(function_id !== undefined && { function_id }) };
  const newest = await take(client.list('/runs', { params: { query } }), count);
  const found =
    given === 'last'
      ? newest.filter(({ test }) => !test).slice(0, 1)
      : newest.filter(({ id }) => id.endsWith(given));
  if (found.length > 1) {
    throw new CliError(
      'several_runs',
      `several runs end with ${given}: ${found.map(({ id }) => id).join(', ')}`,
    );
  }
  if (found[0] !== undefined) {
    return await client.get('/runs/{id}', { params: { path: { id: found[0].id } } });
  }
  const message = given === 'last' ? 'there is no run yet' : `none of the newest runs ends with ${given}`;
  throw new CliError('no_run', message, { next: 'millrace runs list' });
}
