// What an account's functions reach on the network: /account/egress. The account denies; what is allowed, and
// denied to it, by the operator is shown and set elsewhere (MILLRACE_EGRESS_ALLOW_ACCOUNTS,
// MILLRACE_EGRESS_DENY_ACCOUNTS).
import { z } from 'zod';
import { egressNetworkText, parseEgressNetwork } from '../../../contract/egress-network.ts';
import { findEgressDeny, putEgressDeny, recordsCalls, setRecordsCalls } from '../accounts/egress-store.ts';
import type { EgressSettings } from '../config/egress-settings.ts';
import { fail } from '../errors/failure.ts';
import { BOTH_WORLDS, type PublishAccountChange } from '../events/account-changes.ts';
import { readInput } from '../http/read-input.ts';
import type { Database } from '../postgres/database.ts';
import type { ApiEndpoint } from './millrace-api.ts';

type Parts = {
  database: Database;
  settings: Pick<EgressSettings, 'egressAllowAccounts' | 'egressDenyAccounts'>;
  /** Networks that an account may deny itself. */
  mostDenied: number;
  /** Called after the change is on disk: no sandbox with the former list takes another run. */
  onChanged(accountId: string): void;
  notifyChange: PublishAccountChange;
};

export const deniedNetworks = z
  .array(z.string('must be text').max(40, 'must be at most 40 characters'), 'must be a list')
  .describe('IPv4 networks such as 198.51.100.0/24, or 198.51.100.0/24:25 for a port');

const changeSchema = z.strictObject({
  deny: deniedNetworks.optional(),
  record_calls: z.boolean('must be true or false').optional(),
});

const egressSchema = z.object({
  deny: z.array(z.string()),
  record_calls: z.boolean().describe('whether outgoing calls of runs are kept'),
  operator_deny: z.array(z.string()).describe('set by the operator, besides'),
  operator_allow: z
    .array(z.string())
    .describe('private networks that the operator has opened to the account'),
});
z.globalRegistry.add(egressSchema, { id: 'Egress' });

export function egressEndpoints(parts: Parts): ApiEndpoint[] {
  const permit = (method: 'read' | 'update') => ({ resource: 'accounts', method }) as const;
  return [
    {
      method: 'GET',
      path: '/account/egress',
      summary: 'What functions of the account reach on the network',
      permit: permit('read'),
      response: egressSchema,
      answer: ({ world }) => view(parts, world.accountId),
    },
    {
      method: 'PUT',
      path: '/account/egress',
      summary: 'Denies networks to the functions of the account, live and test',
      liveOnly: true,
      permit: permit('update'),
      body: changeSchema,
      response: egressSchema,
      answer: ({ world, body }) => put(parts, world.accountId, body),
    },
  ];
}

async function put(parts: Parts, accountId: string, body: unknown): Promise<unknown> {
  const said = readInput(changeSchema, body, 'the request body');
  const { record_calls: records } = said;
  if (said.deny === undefined && records === undefined)
    fail('invalid_input', { message: 'deny: or record_calls must be given', field: 'deny' });
  const deny =
    said.deny === undefined ? null : readDenied(said.deny, { field: 'deny', most: parts.mostDenied });
  await parts.database.transaction(async (sql) => {
    if (deny !== null) await putEgressDeny(sql, accountId, deny);
    if (records !== undefined) await setRecordsCalls(sql, accountId, records);
    await parts.notifyChange(sql, accountId, { settings: 'egress', modes: BOTH_WORLDS });
  });
  if (deny !== null) parts.onChanged(accountId);
  return await view(parts, accountId);
}

/**
 * @returns each once, as it is kept
 * @throws Failure `invalid_input`
 */
export function readDenied(
  said: readonly string[],
  { field, most }: { field: string; most: number },
): string[] {
  const denied = [...new Set(said.map((text, index) => canonical(text, `${field}[${index}]`)))];
  if (denied.length <= most) return denied;
  return fail('invalid_input', { message: `${field}: must name at most ${most} networks`, field });
}

function canonical(text: string, field: string): string {
  const network = parseEgressNetwork(text.trim());
  if (network !== null) return egressNetworkText(network);
  const reason = text.includes('::')
    ? 'functions have no IPv6: only IPv4 networks can be named'
    : `${JSON.stringify(text)} is not an IPv4 network such as 198.51.100.0/24 or 198.51.100.7:25`;
  return fail('invalid_input', { message: `${field}: ${reason}`, field });
}

async function view({ settings, database }: Parts, accountId: string): Promise<z.infer<typeof egressSchema>> {
  const { egressAllowAccounts, egressDenyAccounts } = settings;
  return {
    deny: await findEgressDeny(database, accountId),
    record_calls: await recordsCalls(database, accountId),
    operator_deny: ['*', accountId].flatMap((who) => egressDenyAccounts.get(who) ?? []),
    operator_allow: [...(egressAllowAccounts.get(accountId) ?? [])],
  };
}
