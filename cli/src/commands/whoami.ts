// `millrace whoami`: which Millrace this terminal speaks to, for whom, and what it may do there.
import type { Schemas } from '@millrace/client';
import { defineCommand } from '../frame/command.ts';
import { showFields } from '../frame/show-table.ts';

export const command = defineCommand({
  about: 'Whose token it is, of which account and mode, and what it may do',
  example: 'millrace whoami',
  async run({ access, client, terminal }) {
    const { url, profile } = await access();
    const caller = await (await client()).get('/caller');
    const { account_id, mode, kind, token, user } = caller;
    const fields = {
      ...{ server: url, profile: profile ?? '(from the environment)', account: account_id, mode },
      token: token === null ? kind : `${token.name ?? '(no name)'} (${kind}, ${token.id})`,
      expires: token?.expires_at ?? null,
      user: user === null ? null : `${user.name} <${user.email}>`,
      may: showPermissions(caller.permissions),
    };
    return { data: { url, profile, ...caller }, text: showFields(terminal, fields) };
  },
});

function showPermissions(permissions: Schemas['Caller']['permissions']): string {
  const all = Object.entries(permissions).map(([resource, methods]) => ({
    resource,
    may: Object.entries(methods ?? {}).flatMap(([method, isPermitted]) => (isPermitted ? [method] : [])),
    most: Object.keys(methods ?? {}).length,
  }));
  const some = all.filter(({ may }) => may.length > 0);
  if (some.length === 0) return 'nothing';
  if (all.every(({ may, most }) => may.length === most)) return 'everything';
  return some
    .map(({ resource, may, most }) => `${resource}:${may.length === most ? '*' : may.join('+')}`)
    .join(' ');
}
