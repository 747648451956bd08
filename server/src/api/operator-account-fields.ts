// An account as the operator's API takes and shows it. Called by operator-account-endpoints.ts.

import { hash } from 'node:crypto';
import { z } from 'zod';
import { ACCOUNT_STATUSES } from '../accounts/account-status-store.ts';
import type { OperatedAccount } from '../accounts/operated-account-store.ts';
import { fail } from '../errors/failure.ts';
import { storableText } from '../http/read-input.ts';
import { boundFields, limitFields, shownBounds, shownLimits } from './account-limit-fields.ts';
import { deniedNetworks } from './egress-endpoints.ts';
import { planName } from './plan-name.ts';

const MOST_LABELS = 50;
const LABEL_NAME = /^[a-z][a-z0-9_.-]{0,49}$/;
const LABEL_RULE =
  'must be names of at most 50 lower-case letters, digits, _, . and -, beginning with a letter, and texts of at most 200 characters';
const labelName = z.string().regex(LABEL_NAME, LABEL_RULE);
const few = (labels: object): boolean => Object.keys(labels).length <= MOST_LABELS;
const FEW_RULE = `must have at most ${MOST_LABELS}`;

const externalId = storableText(200)
  .refine((text) => text !== '', 'must not be empty')
  .nullable()
  .describe('your own key for the account: the same one again is the same account');
const name = storableText(200).nullable();
const plan = planName.nullable().describe('the plan that it is on; null: none');
const limits = limitFields.describe('of runs and time: docs/replay.md');
const dialects = z
  .array(z.string('must be text').max(50), 'must be a list')
  .max(20)
  .nullable()
  .describe('the products whose APIs it may use; null: all');
const egressDeny = deniedNetworks.describe('what its functions do not reach; the account may change it');

export const newAccountFields = z
  .strictObject({
    external_id: externalId,
    name,
    labels: z.record(labelName, storableText(200)).refine(few, FEW_RULE),
    plan,
    limits,
    bounds: boundFields,
    egress_deny: egressDeny,
    dialects,
  })
  .partial();

export const accountChangeFields = z
  .strictObject({
    external_id: externalId,
    name,
    labels: z
      .record(labelName, storableText(200).nullable())
      .describe('those named are set, or taken away by null; the others stay'),
    plan,
    limits,
    bounds: boundFields,
    egress_deny: egressDeny,
    dialects,
  })
  .partial();

const at = z.iso.datetime();

export const shortAccountSchema = z.object({
  id: z.string(),
  number: z.int().describe('the account id of clients that want a number'),
  external_id: z.string().nullable(),
  name: z.string().nullable(),
  labels: z.record(z.string(), z.string()),
  dialects: z.array(z.string()).nullable(),
  plan: z.string().nullable(),
  status: z.enum(ACCOUNT_STATUSES),
  status_reason: z.string().nullable(),
  status_since: at,
  delete_at: at.nullable().describe('when everything of a closed account is deleted'),
  created_at: at,
  modified_at: at,
});
z.globalRegistry.add(shortAccountSchema, { id: 'ShortAccount' });

export const accountSchema = shortAccountSchema.extend({
  limits: z.object(shownLimits),
  bounds: shownBounds,
  own: z
    .object({ limits: z.record(z.string(), z.int()), bounds: z.record(z.string(), z.int()) })
    .describe('what of both the account has of its own, and neither by its plan nor by default'),
  egress_deny: z.array(z.string()),
});
z.globalRegistry.add(accountSchema, { id: 'Account' });

export const accountWithUseSchema = accountSchema.extend({
  use: z
    .record(z.string(), z.int())
    .describe('how much there is of each thing that has a bound: the larger of live and test'),
});
z.globalRegistry.add(accountWithUseSchema, { id: 'AccountWithUse' });

export function shortView(account: OperatedAccount): z.input<typeof shortAccountSchema> {
  return {
    id: account.id,
    number: account.number,
    external_id: account.externalId,
    name: account.name,
    labels: account.labels,
    dialects: account.dialects,
    plan: account.plan,
    status: account.status,
    status_reason: account.statusReason,
    status_since: account.statusSince.toISOString(),
    delete_at: account.deleteAt?.toISOString() ?? null,
    created_at: account.createdAt.toISOString(),
    modified_at: account.modifiedAt.toISOString(),
  };
}

type LabelChange = NonNullable<z.infer<typeof accountChangeFields>['labels']>;

/** @throws Failure `invalid_input` */
export function changedLabels(labels: Record<string, string>, change: LabelChange): Record<string, string> {
  const after = Object.entries({ ...labels, ...change }).filter(
    (entry): entry is [string, string] => entry[1] !== null,
  );
  if (after.length > MOST_LABELS) fail('invalid_input', { message: `labels: ${FEW_RULE}`, field: 'labels' });
  return Object.fromEntries(after);
}

/** Of two requests that ask for the same, in whichever order. SHA-256 */
export function requestHashOf(asked: z.infer<typeof newAccountFields>): Buffer {
  return hash('sha256', JSON.stringify(sorted(asked)), 'buffer');
}

function sorted(value: unknown): unknown {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}
