// Payment profiles: make, change, look at; and the one door for payment requests. The objects are ours:
// docs/payments.md.

import { z } from 'zod';
import { fail } from '../errors/failure.ts';
import { type NamedFunction, requireFunctions } from '../functions/require-functions.ts';
import type { Sql } from '../postgres/database.ts';
import { decidePayment, type PaymentParts } from '../sources/payments/decide-payment.ts';
import {
  paymentProfileSchema,
  paymentRequestSchema,
  readPaymentRequest,
  readProfile,
} from '../sources/payments/payment-fields.ts';
import type { PaymentNode, PaymentProfile } from '../sources/payments/payment-profile.ts';
import { PAYMENT_PROFILES, putPaymentProfile } from '../sources/payments/payment-profile-store.ts';
import { type Kept, keptBody, keptEndpoints, nameTaken, oneKept } from './kept-endpoints.ts';
import type { ApiEndpoint, ApiRequest } from './millrace-api.ts';

type Parts = PaymentParts & { sql: Sql; newProfileId(): string };

const profileSchema = z.looseObject({
  ...{ id: z.string(), name: z.string(), enabled: z.boolean() },
  ...{ created_at: z.iso.datetime(), modified_at: z.iso.datetime() },
});
z.globalRegistry.add(profileSchema, { id: 'PaymentProfile' });
const decisionSchema = z.object({
  request_id: z.string(),
  result: z.unknown().describe('of the result node that was reached; null: none was'),
  responses: z.record(z.string(), z.unknown()).describe('what each function responded, by node'),
  steps: z.array(
    z.object({
      node_id: z.string(),
      run_id: z.uuid().nullable(),
      used: z.enum(['function', 'fallback', 'nothing']),
      error: z.string().nullable(),
    }),
  ),
});
z.globalRegistry.add(decisionSchema, { id: 'PaymentDecision' });

const PROFILE: Kept<PaymentProfile> = {
  ...{ path: '/payment-profiles', resource: 'payment_profiles', noun: 'payment profile' },
  summaries: { list: 'Payment profiles, newest first', remove: 'Removes a payment profile' },
  ...{ table: PAYMENT_PROFILES, schema: profileSchema, view: profileView },
};

export function paymentEndpoints(parts: Parts): ApiEndpoint[] {
  return [
    {
      method: 'POST',
      path: '/payment-profiles',
      summary: 'Makes a payment profile',
      permit: { resource: 'payment_profiles', method: 'create' },
      status: 201,
      body: paymentProfileSchema,
      response: profileSchema,
      answer: (request) => put(parts, request, parts.newProfileId()),
    },
    {
      method: 'PATCH',
      path: '/payment-profiles/:id',
      summary: 'Writes all of a payment profile',
      permit: { resource: 'payment_profiles', method: 'update' },
      body: paymentProfileSchema,
      response: profileSchema,
      answer: async (request) => put(parts, request, (await oneKept(parts.sql, PROFILE, request)).id),
    },
    ...keptEndpoints(parts.sql, PROFILE),
    {
      method: 'POST',
      path: '/payment-profiles/:id/requests',
      takesPayload: true,
      summary: 'Decides a payment request: answers when the profile has been gone through',
      permit: { resource: 'hosted_function_executions', method: 'create' },
      body: paymentRequestSchema,
      response: decisionSchema,
      answer: (request) => decide(parts, request),
    },
  ];
}

function functionsOf(nodes: readonly PaymentNode[]): NamedFunction[] {
  return nodes.flatMap((node, at) =>
    node.type === 'run_function' ? [{ field: `nodes[${at}].function_id`, id: node.functionId }] : [],
  );
}

async function put({ sql }: Parts, { world, body }: ApiRequest, id: string): Promise<unknown> {
  const read = readProfile(keptBody(body));
  const before = await PROFILE.table.get(sql, world, id);
  const known = functionsOf(before?.nodes ?? []).map((named) => named.id);
  await requireFunctions(sql, world, functionsOf(read.nodes), known);
  const profile = await putPaymentProfile(sql, world, id, read);
  return profileView(profile ?? nameTaken('a payment profile'));
}

async function decide(parts: Parts, request: ApiRequest): Promise<z.input<typeof decisionSchema>> {
  const profile = await oneKept(parts.sql, PROFILE, request);
  if (!profile.enabled) fail('invalid_state', { message: `the payment profile ${profile.id} is disabled` });
  const decision = await decidePayment(parts, profile, readPaymentRequest(request.body));
  const steps = decision.steps.map(({ nodeId, runId, used, error }) => ({
    ...{ node_id: nodeId, run_id: runId, used, error },
  }));
  return { request_id: decision.requestId, result: decision.result, responses: decision.responses, steps };
}

function profileView({ id, name, enabled, nodes, createdAt, modifiedAt }: PaymentProfile) {
  return {
    ...{ id, name, enabled, nodes: nodes.map(nodeView) },
    created_at: createdAt.toISOString(),
    modified_at: modifiedAt.toISOString(),
  };
}

function nodeView(node: PaymentNode): Record<string, unknown> {
  if (node.type === 'filter') {
    const { onPass: on_pass, onFail: on_fail, ...rest } = node;
    return { ...rest, on_pass, on_fail };
  }
  if (node.type !== 'run_function') return node;
  const { functionId: function_id, deadlineMs: deadline_ms, onError: on_error, ...rest } = node;
  return { ...rest, function_id, deadline_ms, on_error };
}
