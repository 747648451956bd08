// Finds the function that a person means: by its id, or by its name where one function has it. Where several
// do, the project of this folder says which one is meant: the one that `deploy` makes of it.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { type MillraceClient, MillraceError, type Schemas } from '@millrace/client';
import { CliError } from '../cli-error.ts';
import { PROJECT_FILE, readProject } from '../project/project.ts';
import { nearestOf } from './nearest.ts';
import { take } from './take.ts';

type Fn = Schemas['Function'];

/** @throws CliError `no_function` `several_functions` */
export async function findFunction(client: MillraceClient, given: string): Promise<Fn> {
  const named = await functionsNamed(client, given);
  if (named.length === 1) return named[0] as Fn;
  if (named.length > 1) {
    const own = named.filter(({ dialect }) => dialect === 'millrace');
    if (own.length === 1 && nameOfProjectHere() === given) return own[0] as Fn;
    const ids = named.map(({ id, dialect }) => `${id} (${dialect})`).join(', ');
    throw new CliError('several_functions', `"${given}" is the name of several: ${ids}`, {
      next: 'give the id in place of the name',
    });
  }
  try {
    return await client.get('/functions/{id}', { params: { path: { id: given } } });
  } catch (error) {
    if (!(error instanceof MillraceError) || error.status !== 404) throw error;
    const names = (await take(client.list('/functions', { params: { query: { limit: 500 } } }), 500)).map(
      ({ name }) => name,
    );
    const near = nearestOf(given, names);
    const hint = near === undefined ? '' : `; did you mean ${near}?`;
    const message = `there is no function of the name or id "${given}"${hint}`;
    throw new CliError('no_function', message, { next: 'millrace functions list' });
  }
}

function nameOfProjectHere(): string | null {
  const folder = path.resolve('.');
  return existsSync(path.join(folder, PROJECT_FILE)) ? readProject(folder).name : null;
}

/** @param dialect left out: any */
export async function functionsNamed(client: MillraceClient, name: string, dialect?: string): Promise<Fn[]> {
  const query = { name, limit: 500, ...(dialect !== undefined && { dialect: dialect as 'millrace' }) };
  const found: Fn[] = [];
  for await (const one of client.list('/functions', { params: { query } })) {
    if (one.name === name) found.push(one);
  }
  return found;
}
