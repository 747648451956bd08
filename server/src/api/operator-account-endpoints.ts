// The operator's accounts, /operator/accounts: make, list, read, change. Only live tokens of the
// installation's first account that hold the permission `operator` get here (tokens/token-directory.ts).
// Never shows what an account keeps, nor opens its key.

import { z } from 'zod';
import { ACCOUNT_STATUSES, setDialects } from '../accounts/account-status-store.ts';
import { findAccountUse } from '../accounts/account-use-store.ts';
import { putEgressDeny } from '../accounts/egress-store.ts';
import { makeAccount } from '../accounts/make-account.ts';
import {
  type AccountFilter,
  findAccountMade,
  listOperatedAccounts,
  lockOperatedAccount,
  updateAccountWords,
} from '../accounts/operated-account-store.ts';
import { putOnPlan } from '../accounts/plan-store.ts';
import type { AccountKeys } from '../environment/account-keys.ts';
import { fail } from '../errors/failure.ts';
import { BOTH_WORLDS, type PublishAccountChange } from '../events/account-changes.ts';
import { isStorableText, readInput } from '../http/read-input.ts';
import { announceLimits } from '../limits/account-limits-store.ts';
import type { Database, Sql } from '../postgres/database.ts';
import type { Method } from '../tokens/permissions.ts';
import { type LimitChange, type LimitParts, noSuchAccount, writeLimits } from './account-limit-fields.ts';
import { pageSchema } from './api-schemas.ts';
import { readDenied } from './egress-endpoints.ts';
import { type ApiEndpoint, ApiReply, type ApiRequest } from './millrace-api.ts';
import {
  accountChangeFields,
  accountSchema,
  accountWithUseSchema,
  changedLabels,
  newAccountFields,
  requestHashOf,
  shortAccountSchema,
  shortView,
} from './operator-account-fields.ts';
import { audit, changeAudited, differences } from './operator-audit.ts';
import { pageOf, readPageQuery } from './page-query.ts';
import { textParameter } from './query-parameters.ts';
import { showAccount } from './show-account.ts';

export type OperatorAccountParts = LimitParts & {
  database: Database;
  keys: Pick<AccountKeys, 'newSealedKey'>;
  /** Networks that an account may be denied. */
  mostDenied: number;
  /** Those that there are. */
  dialects(): string[];
  /** How many days' bytes count to `kept_bytes`. */
  keptDays: number;
  notifyChange: PublishAccountChange;
};

/**
 * What every address of the operator's needs. A test token, which lies about more easily, never gets there.
 */
export const operating = (method: Method) =>
  ({ permit: { resource: 'operator', method }, liveOnly: true, notesItself: true }) as const;

const PATH = '/operator/accounts';

export function operatorAccountEndpoints(parts: OperatorAccountParts): ApiEndpoint[] {
  return [
    {
      method: 'POST',
      path: PATH,
      summary: 'Makes an account; one with this external id that was made alike is answered with 200',
      ...operating('create'),
      body: newAccountFields,
      status: 201,
      response: accountSchema,
      answer: (request) => make(parts, request),
    },
    {
      method: 'GET',
      path: PATH,
      summary: 'The accounts of the installation',
      ...operating('read'),
      query: {
        external_id: textParameter('the one with this external id'),
        status: z.enum(ACCOUNT_STATUSES).describe('those that are so'),
        plan: textParameter('those on this plan'),
        label: textParameter('those with this label, such as plan:gold'),
        q: textParameter('those with this text in the id, the external id or the name'),
      },
      response: pageSchema(shortAccountSchema),
      isPaged: true,
      answer: (request) => list(parts, request),
    },
    {
      method: 'GET',
      path: `${PATH}/:id`,
      summary: 'An account, with its limits and how much of its bounds is used',
      ...operating('read'),
      response: accountWithUseSchema,
      answer: ({ params }) => showWithUse(parts, params.id ?? ''),
    },
    {
      method: 'PATCH',
      path: `${PATH}/:id`,
      summary: 'Changes an account',
      ...operating('update'),
      body: accountChangeFields,
      response: accountSchema,
      answer: (request) => change(parts, request),
    },
  ];
}

async function showWithUse(parts: OperatorAccountParts, id: string): Promise<unknown> {
  const account = await showAccount(parts.database, parts, id);
  return { ...account, use: await findAccountUse(parts.database, id, parts.keptDays) };
}

/** However many ask for it at once, there is one account of an external id. */
async function make(parts: OperatorAccountParts, request: ApiRequest): Promise<unknown> {
  const asked = readInput(newAccountFields, request.body ?? {}, 'the request body');
  const { external_id: externalId = null, name = null, labels = {}, limits, bounds } = asked;
  const denied = readDenied(asked.egress_deny ?? [], { field: 'egress_deny', most: parts.mostDenied });
  const dialects = readDialects(parts, asked.dialects ?? null);
  const requestHash = requestHashOf(asked);
  const accountId = await parts.database.transaction(async (sql) => {
    const made = await makeAccount(sql, {
      ownerName: name ?? 'Owner',
      words: { externalId, name, labels, requestHash },
      makeSealedKey: (id, within) => parts.keys.newSealedKey(within, id),
    });
    if (made === null) return null;
    if (asked.plan != null) await putOn(sql, made.accountId, asked.plan);
    await writeLimits(sql, parts, made.accountId, { limits, bounds });
    if (denied.length > 0) await putEgressDeny(sql, made.accountId, denied);
    if (dialects !== null) await setDialects(sql, made.accountId, dialects);
    const { accountId } = made;
    const after = differences({}, await showAccount(sql, parts, accountId)).after;
    await audit(sql, { request, action: 'account.create', accountId }, { before: null, after });
    return accountId;
  });
  return accountId === null
    ? await answerMade(parts, externalId ?? '', requestHash)
    : await showAccount(parts.database, parts, accountId);
}

async function answerMade(
  parts: OperatorAccountParts,
  externalId: string,
  requestHash: Buffer,
): Promise<ApiReply> {
  const made = await findAccountMade(parts.database, externalId);
  if (made !== null && requestHash.equals(made.requestHash)) {
    return new ApiReply(200, {}, await showAccount(parts.database, parts, made.id));
  }
  return fail('conflict', {
    message: `external_id: another account has ${JSON.stringify(externalId)}, which was made with other fields`,
    field: 'external_id',
    ...(made === null ? {} : { facts: { accountId: made.id } }),
  });
}

const ACCOUNT_ID = /^[0-9A-Za-z]{1,64}$/;

async function list({ database }: OperatorAccountParts, { query }: ApiRequest): Promise<unknown> {
  const { limit, after } = readPageQuery(query, (text) => ACCOUNT_ID.test(text));
  const filter: AccountFilter = {
    externalId: textOf(query, 'external_id'),
    status: statusOf(query.status),
    plan: textOf(query, 'plan'),
    label: labelOf(textOf(query, 'label')),
    q: textOf(query, 'q'),
  };
  const accounts = await listOperatedAccounts(database, filter, { after, limit: limit + 1 });
  return pageOf(accounts, limit, ({ id }) => id, shortView);
}

function textOf(query: Record<string, unknown>, field: string): string | null {
  const text = query[field];
  if (text === undefined) return null;
  if (typeof text === 'string' && text !== '' && text.length <= 200 && isStorableText(text)) return text;
  return fail('invalid_input', { message: `${field} must be 1 to 200 characters`, field });
}

function statusOf(value: unknown): AccountFilter['status'] {
  if (value === undefined) return null;
  const status = ACCOUNT_STATUSES.find((known) => known === value);
  if (status !== undefined) return status;
  return fail('invalid_input', { message: 'status must be active, suspended or closed', field: 'status' });
}

function labelOf(text: string | null): AccountFilter['label'] {
  if (text === null) return null;
  const [, name, value] = /^([^:]+):(.*)$/s.exec(text) ?? [];
  if (name !== undefined && value !== undefined) return { name, value };
  return fail('invalid_input', {
    message: 'label must be a name and a text, such as plan:gold',
    field: 'label',
  });
}

async function change(parts: OperatorAccountParts, request: ApiRequest): Promise<unknown> {
  const { id: accountId = '' } = request.params;
  const asked = readInput(accountChangeFields, request.body, 'the request body');
  const denied =
    asked.egress_deny && readDenied(asked.egress_deny, { field: 'egress_deny', most: parts.mostDenied });
  const dialects = asked.dialects === undefined ? undefined : readDialects(parts, asked.dialects);
  await parts.database.transaction((sql) =>
    changeAudited(sql, parts, { request, action: 'account.change', accountId }, async () => {
      await changeWords(sql, accountId, asked);
      await changeLimits(sql, parts, accountId, asked);
      if (asked.plan !== undefined) await putOn(sql, accountId, asked.plan);
      if (dialects !== undefined) await setDialects(sql, accountId, dialects);
      if (denied === undefined) return;
      await putEgressDeny(sql, accountId, denied);
      await parts.notifyChange(sql, accountId, { settings: 'egress', modes: BOTH_WORLDS });
    }),
  );
  return await showAccount(parts.database, parts, accountId);
}

/** @throws Failure `invalid_input` */
function readDialects(parts: OperatorAccountParts, said: string[] | null): string[] | null {
  const known = parts.dialects();
  const other = said?.find((name) => !known.includes(name));
  if (other === undefined) return said === null ? null : [...new Set(said)].sort();
  return fail('invalid_input', {
    message: `dialects: must be a list of ${known.join(', ')}, or null`,
    field: 'dialects',
  });
}

/** @throws Failure `invalid_input` */
async function putOn(sql: Sql, accountId: string, plan: string | null): Promise<void> {
  if (!(await putOnPlan(sql, accountId, plan)))
    fail('invalid_input', { message: `plan: there is no plan ${JSON.stringify(plan)}`, field: 'plan' });
  await announceLimits(sql, accountId);
}

async function changeLimits(
  sql: Sql,
  parts: OperatorAccountParts,
  accountId: string,
  { limits, bounds }: LimitChange,
): Promise<void> {
  if (limits === undefined && bounds === undefined) return;
  await writeLimits(sql, parts, accountId, { limits, bounds });
  await parts.notifyChange(sql, accountId, { settings: 'limits', modes: BOTH_WORLDS });
}

/** @throws Failure `not_found`, `invalid_input` */
async function changeWords(sql: Sql, id: string, asked: z.infer<typeof accountChangeFields>): Promise<void> {
  const account = (await lockOperatedAccount(sql, id)) ?? noSuchAccount();
  if (asked.external_id !== undefined && asked.external_id !== account.externalId) {
    fail('invalid_input', { message: 'external_id: can not be changed', field: 'external_id' });
  }
  const name = asked.name === undefined ? account.name : asked.name;
  const labels = changedLabels(account.labels, asked.labels ?? {});
  await updateAccountWords(sql, id, { name, labels });
}
