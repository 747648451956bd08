// What a body may say of an event subscription, and what must hold of a whole one (docs/specs/comecero.md
// 3.1). Pure. Clients send back everything they once read: what isn't a field of ours is ignored.

import { z } from 'zod';
import { fail } from '../../errors/failure.ts';
import { readInput, storableText } from '../../http/read-input.ts';
import { headerNameProblem, headerValueProblem } from '../../subscriptions/custom-header.ts';
import { MOST_DESTINATION_LENGTH, readDestination } from '../../subscriptions/destination.ts';
import {
  DOCUMENT_FORMATS,
  SUBSCRIPTION_METHODS,
  type SubscriptionSecrets,
} from '../../subscriptions/event-subscription.ts';
import { readExpandPaths } from '../../subscriptions/expand-children.ts';
import type { SubscriptionFields } from '../../subscriptions/subscription-editing.ts';
import { parsePaths, parseTimezone } from './resource-view.ts';

const MOST_PATHS_LENGTH = 4_000;
const MOST_VARIABLES = 50;

/** The console sends empty fields as empty texts. */
export function optionalText(maxLength: number) {
  return storableText(maxLength)
    .nullish()
    .transform((text) => (text === undefined ? undefined : text?.trim() === '' ? null : text));
}

export function subscriptionBody(limitBytes: number) {
  return z.object(
    {
      event_type: storableText(100).optional(),
      method: z.enum(SUBSCRIPTION_METHODS, 'must be http or email').optional(),
      format: z.enum(DOCUMENT_FORMATS, 'must be json, xml or html').nullish(),
      destination: storableText(MOST_DESTINATION_LENGTH).optional(),
      signature_key: optionalText(500),
      http_authorization_username: optionalText(500),
      http_authorization_password: optionalText(500),
      custom_header_name: optionalText(100),
      custom_header_value: optionalText(2_000),
      expand: optionalText(MOST_PATHS_LENGTH),
      show: optionalText(MOST_PATHS_LENGTH),
      hide: optionalText(MOST_PATHS_LENGTH),
      environment_variables: variables(limitBytes),
      active: z.boolean('must be true or false').optional(),
      timezone: optionalText(100),
      comments: optionalText(1_000),
    },
    'must be a JSON object',
  );
}

function variables(limitBytes: number) {
  return z
    .record(storableText(100), storableText(limitBytes), 'must be an object of texts')
    .refine(
      (object) => Object.keys(object).length <= MOST_VARIABLES,
      `must have at most ${MOST_VARIABLES} members`,
    )
    .refine(
      (object) => Buffer.byteLength(JSON.stringify(object)) <= limitBytes,
      `must have at most ${limitBytes} bytes as JSON`,
    )
    .nullish();
}

/**
 * What a body said; undefined where it said nothing. @throws Failure `invalid_input` naming the field and the
 * rule
 */
export function readSubscriptionBody(value: unknown, limitBytes: number): Partial<SubscriptionFields> {
  const said = readInput(subscriptionBody(limitBytes), value, 'the request body');
  return definedOf({
    eventType: said.event_type?.trim(),
    method: said.method,
    format: said.format === null ? 'json' : said.format,
    destination: said.destination?.trim(),
    signatureKey: said.signature_key,
    // Another key here is the only one.
    formerSignatureKey: said.signature_key === undefined ? undefined : null,
    authorizationUsername: said.http_authorization_username,
    authorizationPassword: said.http_authorization_password,
    customHeaderName: said.custom_header_name?.trim() ?? said.custom_header_name,
    customHeaderValue: said.custom_header_value,
    expand: said.expand,
    show: said.show,
    hide: said.hide,
    variables: said.environment_variables === null ? {} : said.environment_variables,
    active: said.active,
    timeZone: said.timezone === null ? 'UTC' : said.timezone,
    comments: said.comments,
  });
}

function definedOf(
  said: { [Name in keyof SubscriptionFields]?: SubscriptionFields[Name] | undefined },
): Partial<SubscriptionFields> {
  return Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined));
}

const USUAL: SubscriptionFields = {
  ...{
    shape: 'resource',
    eventType: '',
    method: 'http',
    format: 'json',
    destination: '',
    active: true,
    timeZone: 'UTC',
  },
  ...{ expand: null, show: null, hide: null, comments: null },
  ...{ authorizationUsername: null, customHeaderName: null },
  ...{
    signatureKey: null,
    formerSignatureKey: null,
    authorizationPassword: null,
    customHeaderValue: null,
    variables: {},
  },
};

/**
 * The whole subscription that results from what is there and what was said.
 * @param stored null: a new one
 * @throws Failure `invalid_input` naming the field and the rule
 */
export function mergeSubscription(
  stored: SubscriptionFields | null,
  said: Partial<SubscriptionFields>,
): SubscriptionFields {
  const whole = { ...(stored ?? USUAL), ...said };
  if (whole.customHeaderName === null) whole.customHeaderValue = null;
  if (whole.authorizationUsername === null) whole.authorizationPassword = null;
  checkWhole(whole);
  return whole;
}

/** The body's names of what goes along with every event, or is made with what does. */
export const SECRET_FIELDS = {
  signatureKey: 'signature_key',
  formerSignatureKey: 'signature_key',
  authorizationPassword: 'http_authorization_password',
  customHeaderValue: 'custom_header_value',
  variables: 'environment_variables',
} as const satisfies Record<keyof SubscriptionSecrets, string>;

function checkWhole(whole: SubscriptionFields): void {
  const rules: [field: string, problem: string | null][] = [
    ['event_type', whole.eventType === '' ? 'is required' : null],
    ['destination', whole.destination === '' ? 'is required' : destinationProblem(whole)],
    ['expand', expandProblem(whole.expand)],
    ['hide', whole.show !== null && whole.hide !== null ? 'can not be set together with show' : null],
    [
      'custom_header_name',
      whole.customHeaderName === null ? null : headerNameProblem(whole.customHeaderName),
    ],
    ['custom_header_value', headerValueProblem(whole.customHeaderValue ?? '')],
    ['http_authorization_username', userNameProblem(whole.authorizationUsername)],
  ];
  for (const [field, problem] of rules) {
    if (problem !== null) fail('invalid_input', { message: `${field}: ${problem}`, field });
  }
  parsePaths(whole.show ?? '', 'show');
  parsePaths(whole.hide ?? '', 'hide');
  parseTimezone(whole.timeZone);
}

function destinationProblem({ method, destination }: SubscriptionFields): string | null {
  const read = readDestination(method, destination);
  return 'problem' in read ? read.problem : null;
}

function expandProblem(expand: string | null): string | null {
  try {
    if (expand !== null) readExpandPaths(expand);
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

/** Basic authorization ends the name at the first colon. */
function userNameProblem(name: string | null): string | null {
  return name?.includes(':') ? 'must not hold a colon' : null;
}
