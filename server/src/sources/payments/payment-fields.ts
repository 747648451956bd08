// Reads a payment profile as the API takes it, and a payment request. Pure.
import { z } from 'zod';
import { fail } from '../../errors/failure.ts';
import { NAME_CHARACTERS } from '../../functions/function-name.ts';
import { readInput, storableText } from '../../http/read-input.ts';
import {
  conditionSchema,
  filterOf,
  filterSchema,
  functionIdSchema,
  graphProblem,
  nextSchema,
  nodeIdSchema,
} from '../flows/graph-fields.ts';
import type { PaymentNode, PaymentProfile } from './payment-profile.ts';

const MOST_NODES = 100;
/** A customer waits at a till. */
const USUAL_DEADLINE_MS = 5_000;
const MOST_DEADLINE_MS = 60_000;

const condition = conditionSchema(
  'payment_request|response|responses',
  'must begin with payment_request or response',
);

const node = z.discriminatedUnion('type', [
  z.strictObject({ id: nodeIdSchema, type: z.literal('start_payment_request'), next: nextSchema }),
  z.strictObject({
    ...{ id: nodeIdSchema, type: z.literal('run_function'), function_id: functionIdSchema },
    manner: z.enum(['wait', 'separate']).default('wait'),
    deadline_ms: z.int().min(100).max(MOST_DEADLINE_MS).default(USUAL_DEADLINE_MS),
    fallback: z.json().optional(),
    ...{ next: nextSchema, on_error: nextSchema },
  }),
  filterSchema(condition),
  z.strictObject({ id: nodeIdSchema, type: z.literal('result'), result: z.json() }),
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
    case 'filter':
      return filterOf(given);
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
  const problem = graphProblem(nodes, 'start_payment_request', arrowsOf);
  if (problem !== null) fail('invalid_input', { message: `nodes: ${problem}`, field: 'nodes' });
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
