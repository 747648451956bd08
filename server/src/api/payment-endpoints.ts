// Payment profiles: make, change, look at; and the one door for payment requests. The objects are ours: docs/payments.md.
import { z } from 'zod';
import { fail } from '../errors/failure.ts';
import { decidePayment, type PaymentParts } from '../payments/decide-payment.ts';
import {
  paymentProfileSchema,
  paymentRequestSchema,
  readPaymentRequest,
  readProfile,
} from '../payments/payment-fields.ts';
import type { PaymentNode, PaymentProfile } from '../payments/payment-profile.ts';
import {
  deletePaymentProfile,
  getPaymentProfile,
  listPaymentProfiles,
  putPaymentProfile,
} from '../payments/payment-profile-store.ts';
import type { Sql } from '../postgres/database.ts';
import { pageSchema } from './api-schemas.ts';
import type { ApiEndpoint, ApiRequest } from './millrace-api.ts';
import { pageOf, readPageQuery } from './page-query.ts';

type Parts = PaymentParts & { sql: Sql; newProfileId(): string };

const profileSchema = z.looseObject({ id: z.string(), name: z.string(), enabled: z.boolean() });
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

const READ = { resource: 'payment_profiles', method: 'read' } as const;

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
      answer: async (request) => put(parts, request, (await oneProfile(parts.sql, request)).id),
    },
    {
      method: 'GET',
      path: '/payment-profiles',
      summary: 'Payment profiles, newest first',
      permit: READ,
      isPaged: true,
      response: pageSchema(profileSchema),
      answer: async ({ world, query }) => {
        const { limit, after } = readPageQuery(query, (text) => /^[0-9A-Za-z]{20}$/.test(text));
        const profiles = await listPaymentProfiles(parts.sql, world, { limit: limit + 1, after });
        return pageOf(profiles, limit, (profile) => profile.id, profileView);
      },
    },
    {
      method: 'GET',
      path: '/payment-profiles/:id',
      summary: 'One payment profile',
      permit: READ,
      response: profileSchema,
      answer: async (request) => profileView(await oneProfile(parts.sql, request)),
    },
    {
      method: 'DELETE',
      path: '/payment-profiles/:id',
      summary: 'Removes a payment profile',
      permit: { resource: 'payment_profiles', method: 'delete' },
      status: 204,
      response: z.null(),
      answer: async ({ world, params }) => {
        if (!(await deletePaymentProfile(parts.sql, world, params.id ?? ''))) missing();
        return null;
      },
    },
    {
      method: 'POST',
      path: '/payment-profiles/:id/requests',
      summary: 'Decides a payment request: answers when the profile has been gone through',
      permit: { resource: 'hosted_function_executions', method: 'create' },
      body: paymentRequestSchema,
      response: decisionSchema,
      answer: (request) => decide(parts, request),
    },
  ];
}

async function put({ sql }: Parts, { world, body }: ApiRequest, id: string): Promise<unknown> {
  const profile = await putPaymentProfile(sql, world, id, readProfile(body));
  if (profile !== null) return profileView(profile);
  return fail('conflict', {
    message: 'name: there is a payment profile of this name already',
    field: 'name',
  });
}

async function decide(parts: Parts, request: ApiRequest): Promise<z.input<typeof decisionSchema>> {
  const profile = await oneProfile(parts.sql, request);
  if (!profile.enabled) fail('invalid_state', { message: `the payment profile ${profile.id} is disabled` });
  const decision = await decidePayment(parts, profile, readPaymentRequest(request.body));
  const steps = decision.steps.map(({ nodeId, runId, used, error }) => ({
    ...{ node_id: nodeId, run_id: runId, used, error },
  }));
  return { request_id: decision.requestId, result: decision.result, responses: decision.responses, steps };
}

async function oneProfile(sql: Sql, { world, params }: ApiRequest): Promise<PaymentProfile> {
  return (await getPaymentProfile(sql, world, params.id ?? '')) ?? missing();
}

function missing(): never {
  return fail('not_found', { message: 'there is no such payment profile' });
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
