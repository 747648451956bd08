// An event subscription as Millrace's own API takes and shows it. Secrets are taken and never shown: what is
// left out stays, null removes. Pure. Called by subscription-endpoints.ts.
import { z } from 'zod';
import { fail } from '../errors/failure.ts';
import { readInput, storableText } from '../http/read-input.ts';
import { headerNameProblem, headerValueProblem } from '../subscriptions/custom-header.ts';
import { MOST_DESTINATION_LENGTH, readDestination } from '../subscriptions/destination.ts';
import {
  DOCUMENT_FORMATS,
  type SealedSubscription,
  SUBSCRIPTION_METHODS,
  SUBSCRIPTION_SHAPES,
  type SubscriptionSecrets,
} from '../subscriptions/event-subscription.ts';
import { requireSecretsAgain, type SubscriptionFields } from '../subscriptions/subscription-editing.ts';

const at = z.iso.datetime();
const MOST_VARIABLES = 50;
const MOST_VARIABLES_BYTES = 64 * 1024;

const variables = z
  .record(storableText(100), storableText(MOST_VARIABLES_BYTES), 'must be an object of texts')
  .refine((all) => Object.keys(all).length <= MOST_VARIABLES, `must have at most ${MOST_VARIABLES} members`)
  .refine(
    (all) => Buffer.byteLength(JSON.stringify(all)) <= MOST_VARIABLES_BYTES,
    `must have at most ${MOST_VARIABLES_BYTES} bytes as JSON`,
  );
const userName = storableText(500).refine((name) => name !== '' && !name.includes(':'), 'must hold no colon');

export const subscriptionChange = z.strictObject({
  event_type: storableText(100).optional().describe('a type or notation of an event'),
  destination: storableText(MOST_DESTINATION_LENGTH)
    .optional()
    .describe('an address; or e-mail addresses, separated by commas'),
  format: z.enum(DOCUMENT_FORMATS).optional(),
  enabled: z.boolean('must be true or false').optional(),
  description: storableText(1_000).nullable().optional(),
  signing_key: storableText(500).nullable().optional().describe('signs by Standard Webhooks; never shown'),
  former_signing_key: storableText(500)
    .nullable()
    .optional()
    .describe('signs as well, beside `signing_key`, while the receiver changes its key; never shown'),
  basic_auth: z
    .strictObject({ username: userName, password: storableText(500) })
    .nullable()
    .optional()
    .describe('never shown but for the name'),
  header: z
    .strictObject({ name: storableText(100), value: storableText(2_000) })
    .nullable()
    .optional()
    .describe('sent along; never shown but for the name'),
  variables: variables.nullable().optional().describe('sent along with every event; never shown'),
});
export const newSubscription = subscriptionChange.extend({
  event_type: subscriptionChange.shape.event_type.unwrap(),
  destination: subscriptionChange.shape.destination.unwrap(),
  method: z.enum(SUBSCRIPTION_METHODS, 'must be http or email').default('http'),
});

export const subscriptionSchema = z.object({
  id: z.string(),
  event_type: z.string(),
  method: z.enum(SUBSCRIPTION_METHODS).describe('fixed when it is made'),
  destination: z.string(),
  format: z.enum(DOCUMENT_FORMATS),
  shape: z.enum(SUBSCRIPTION_SHAPES).describe('`plain`, but for those that a dialect has made'),
  enabled: z.boolean(),
  description: z.string().nullable(),
  basic_auth: z.object({ username: z.string() }).nullable(),
  header: z.object({ name: z.string() }).nullable(),
  created_at: at,
  modified_at: at,
});
z.globalRegistry.add(subscriptionSchema, { id: 'Subscription' });

const NAMES = {
  signatureKey: 'signing_key',
  formerSignatureKey: 'former_signing_key',
  authorizationPassword: 'basic_auth',
  customHeaderValue: 'header',
  variables: 'variables',
} as const satisfies Record<keyof SubscriptionSecrets, string>;

const USUAL: Omit<SubscriptionFields, 'eventType' | 'destination' | 'method'> = {
  ...{ shape: 'plain', format: 'json', active: true, timeZone: 'UTC', comments: null },
  ...{ expand: null, show: null, hide: null, authorizationUsername: null, customHeaderName: null },
  ...{ signatureKey: null, formerSignatureKey: null, authorizationPassword: null, customHeaderValue: null },
  variables: {},
};

/** @throws Failure `invalid_input` naming the field */
export function readNewSubscription(body: unknown): SubscriptionFields {
  const { method, ...read } = readInput(newSubscription, body, 'the request body');
  return checked({
    ...{ ...USUAL, method, eventType: read.event_type, destination: read.destination },
    ...saidOf(read),
  });
}

/** @throws Failure `invalid_input` naming the field */
export function readSubscriptionChange(body: unknown, before: SubscriptionFields): SubscriptionFields {
  const said = saidOf(readInput(subscriptionChange, body, 'the request body'));
  const whole = checked({ ...before, ...said });
  requireSecretsAgain(before, said, whole, NAMES);
  return whole;
}

function saidOf(read: z.output<typeof subscriptionChange>): Partial<SubscriptionFields> {
  const { event_type, destination, format, enabled, description, signing_key, basic_auth, header } = read;
  return {
    ...(event_type === undefined ? {} : { eventType: event_type.trim() }),
    ...(destination === undefined ? {} : { destination: destination.trim() }),
    ...(format === undefined ? {} : { format }),
    ...(enabled === undefined ? {} : { active: enabled }),
    ...(description === undefined ? {} : { comments: description }),
    ...(signing_key === undefined ? {} : { signatureKey: signing_key === '' ? null : signing_key }),
    ...(read.former_signing_key === undefined
      ? {}
      : { formerSignatureKey: read.former_signing_key === '' ? null : read.former_signing_key }),
    ...(basic_auth === undefined
      ? {}
      : {
          authorizationUsername: basic_auth?.username ?? null,
          authorizationPassword: basic_auth?.password ?? null,
        }),
    ...(header === undefined
      ? {}
      : { customHeaderName: header?.name ?? null, customHeaderValue: header?.value ?? null }),
    ...(read.variables === undefined ? {} : { variables: read.variables ?? {} }),
  };
}

function checked(whole: SubscriptionFields): SubscriptionFields {
  const destination = readDestination(whole.method, whole.destination);
  const name = whole.customHeaderName;
  const rules: [field: string, problem: string | null][] = [
    ['destination', 'problem' in destination ? destination.problem : null],
    ['header.name', name === null ? null : headerNameProblem(name)],
    ['header.value', headerValueProblem(whole.customHeaderValue ?? '')],
  ];
  for (const [field, problem] of rules)
    if (problem !== null) fail('invalid_input', { message: `${field}: ${problem}`, field });
  return whole;
}

export function subscriptionView(shown: SealedSubscription): z.input<typeof subscriptionSchema> {
  const { authorizationUsername: username, customHeaderName: name } = shown;
  return {
    ...{ id: shown.id, event_type: shown.eventType, method: shown.method, destination: shown.destination },
    ...{ format: shown.format, shape: shown.shape, enabled: shown.active, description: shown.comments },
    basic_auth: username === null ? null : { username },
    header: name === null ? null : { name },
    created_at: shown.createdAt.toISOString(),
    modified_at: shown.modifiedAt.toISOString(),
  };
}
