// Reads a payment profile as the API takes it, and a payment request. Pure.
import { z } from 'zod';
import { fail } from '../errors/failure.ts';
import { OPERATORS } from '../flows/flow.ts';
import { NAME_CHARACTERS } from '../functions/function-name.ts';
import { readInput, storableText } from '../http/read-input.ts';
import type { PaymentNode, PaymentProfile } from './payment-profile.ts';

const MOST_NODES = 100;
const MOST_CONDITIONS = 50;
/** Somebody waits at a till. */
const USUAL_DEADLINE_MS = 5_000;
const MOST_DEADLINE_MS = 60_000;

const nodeId = z.string().regex(/^[0-9A-Za-z_-]{1,64}$/, 'must consist of letters, digits, _ and -');
const next = nodeId.nullable().default(null);
const condition = z.strictObject({
  path: z
    .string()
    .regex(
      /^(payment_request|response|responses)(\.[^.]{1,100}){0,20}$/,
      'must begin with payment_request or response',
    ),
  operator: z.enum(OPERATORS),
  value: z.json().optional(),
});

const node = z.discriminatedUnion('type', [
  z.strictObject({ id: nodeId, type: z.literal('start_payment_request'), next }),
  z.strictObject({
    ...{
      id: nodeId,
      type: z.literal('run_function'),
      function_id: z.string().regex(/^[0-9A-Za-z_-]{1,64}$/),
    },
    manner: z.enum(['wait', 'separate']).default('wait'),
    deadline_ms: z.int().min(100).max(MOST_DEADLINE_MS).default(USUAL_DEADLINE_MS),
    fallback: z.json().optional(),
    ...{ next, on_error: next },
  }),
  z.strictObject({
    ...{ id: nodeId, type: z.literal('filter'), match: z.enum(['all', 'any']).default('all') },
    conditions: z.array(condition).min(1, 'must hold at least one').max(MOST_CONDITIONS),
    ...{ on_pass: next, on_fail: next },
  }),
  z.strictObject({ id: nodeId, type: z.literal('result'), result: z.json() }),
]);

export const paymentProfileSchema = z.strictObject({
  name: storableText(NAME_CHARACTERS).refine((text) => text.trim() !== '', 'must not be empty'),
  enabled: z.boolean().default(true),
  nodes: z.array(node).min(1, 'must hold a start_payment_request').max(MOST_NODES),
});

export const paymentRequestSchema = z.strictObject({
  payment_request: z
    .record(z.string(), z.json())
    .describe('what is known of the payment: amounts, customer, ...'),
});

export type ProfileFields = Pick<PaymentProfile, 'name' | 'enabled' | 'nodes'>;

/** @throws Failure `invalid_input` naming the field */
export function readProfile(body: unknown): ProfileFields {
  const read = readInput(paymentProfileSchema, body, 'the request body');
  return { ...read, nodes: checked(read.nodes.map(nodeOf)) };
}

/** @throws Failure `invalid_input` naming the field */
export function readPaymentRequest(body: unknown): Record<string, unknown> {
  return readInput(paymentRequestSchema, body, 'the request body').payment_request;
}

function nodeOf(given: z.infer<typeof node>): PaymentNode {
  switch (given.type) {
    case 'start_payment_request':
    case 'result':
      return given;
    case 'filter': {
      const { on_pass: onPass, on_fail: onFail, conditions, ...rest } = given;
      const read = conditions.map(({ path, operator, value }) =>
        value === undefined ? { path, operator } : { path, operator, value },
      );
      return { ...rest, conditions: read, onPass, onFail };
    }
    case 'run_function': {
      const {
        function_id: functionId,
        deadline_ms: deadlineMs,
        on_error: onError,
        fallback,
        ...rest
      } = given;
      return { ...rest, functionId, deadlineMs, onError, ...(fallback === undefined ? {} : { fallback }) };
    }
  }
}

function checked(nodes: PaymentNode[]): PaymentNode[] {
  const ids = new Set(nodes.map(({ id }) => id));
  if (ids.size < nodes.length) refuse('must not have two of the same id');
  if (nodes.filter(({ type }) => type === 'start_payment_request').length !== 1) {
    refuse('must hold exactly one start_payment_request');
  }
  for (const from of nodes) {
    for (const to of arrowsOf(from)) {
      if (!ids.has(to)) refuse(`leads from ${from.id} to ${to}, which isn't there`);
    }
  }
  return nodes;
}

function arrowsOf(from: PaymentNode): string[] {
  if (from.type === 'result') return [];
  const all =
    from.type === 'filter'
      ? [from.onPass, from.onFail]
      : from.type === 'run_function'
        ? [from.next, from.onError]
        : [from.next];
  return all.filter((to) => to !== null);
}

function refuse(rule: string): never {
  return fail('invalid_input', { message: `nodes: ${rule}`, field: 'nodes' });
}
