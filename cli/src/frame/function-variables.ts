// Sets and takes away one variable of a function, beside what others change at the same time. Called by
// `millrace secrets` and `millrace variables`.
import { type MillraceClient, MillraceError, type Schemas } from '@millrace/client';
import { CliError } from '../cli-error.ts';

type Variables = Schemas['ShownVariables']['variables'];
/** null: it goes. */
export type Change = { name: string; to: { value: string; secret: boolean } | null };

const TRIES = 5;

export async function readVariables(client: MillraceClient, id: string): Promise<Variables> {
  return (await client.get('/functions/{id}/variables', { params: { path: { id } } })).variables;
}

/** @throws CliError `no_variable` */
export async function changeVariables(
  client: MillraceClient,
  id: string,
  changes: readonly Change[],
): Promise<Variables> {
  for (let tried = 1; ; tried += 1) {
    const { variables, tag } = await readTagged(client, id);
    for (const { name, to } of changes) {
      if (to !== null) variables[name] = to;
      else if (name in variables) delete variables[name];
      else throw new CliError('no_variable', `there is no ${name}`, { next: 'millrace variables list' });
    }
    const params = { path: { id }, header: { 'If-Match': tag } };
    try {
      return (await client.put('/functions/{id}/variables', { params, body: { variables } })).variables;
    } catch (error) {
      const isRaced = error instanceof MillraceError && error.status === 412;
      if (!isRaced || tried >= TRIES) throw error;
    }
  }
}

async function readTagged(
  client: MillraceClient,
  id: string,
): Promise<{ variables: Variables; tag: string }> {
  let tag = '';
  const { variables } = await client.get('/functions/{id}/variables', {
    params: { path: { id } },
    middleware: [
      {
        onResponse: ({ response }) => {
          tag = response.headers.get('etag') ?? '';
        },
      },
    ],
  });
  return { variables, tag };
}
