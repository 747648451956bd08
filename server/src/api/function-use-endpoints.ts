// GET /functions/{id}/uses: everything that may start a function, of every kind in one shape: what a person
// looks at who changes it or is about to delete it. Changes nothing. Called by roles/own-api.ts.
import { z } from 'zod';
import type { Sql } from '../postgres/database.ts';
import { TRIGGER_KINDS, type TriggerKind } from '../runs/run-input.ts';
import type { Resource } from '../tokens/permissions.ts';
import type { FunctionUse } from '../triggers/function-uses-store.ts';
import { listFunctionUses } from '../triggers/function-uses-store.ts';
import { oneFunction } from './function-endpoints.ts';
import type { ApiEndpoint, ApiRequest } from './millrace-api.ts';

/** Of each kind. */
const MOST = 100;

/** Whose permission `read` shows uses of a kind; where they are found; as a rule among the triggers. */
type Place = { resource: Resource; path: string | null };

const OTHERS: Partial<Record<TriggerKind, Place>> = {
  flow: { resource: 'flows', path: '/flows' },
  email_template: { resource: 'email_templates', path: '/email-templates' },
  auto_query: { resource: 'queries', path: '/queries' },
  payment_profile: { resource: 'payment_profiles', path: '/payment-profiles' },
  subscription: { resource: 'event_subscriptions', path: '/subscriptions' },
  http: { resource: 'hosted_functions', path: null },
  ai_assistant: { resource: 'hosted_functions', path: null },
};
const TRIGGERS = { resource: 'triggers', path: '/triggers' } as const;

const useSchema = z.object({
  kind: z.enum(TRIGGER_KINDS).describe('of the runs that it makes'),
  id: z.string(),
  name: z.string().nullable(),
  enabled: z.boolean(),
  path: z.string().nullable().describe('where it is found below /millrace/v1; null: in its dialect alone'),
});

const usesSchema = z.object({
  data: z.array(useSchema).describe(`at most ${MOST} of each kind, newest first`),
  left_out: z.array(z.enum(TRIGGER_KINDS)).describe('kinds of which there are more'),
});

export function functionUseEndpoints(parts: { sql: Sql }): ApiEndpoint[] {
  return [
    {
      method: 'GET',
      path: '/functions/:id/uses',
      summary: 'What may start a function: its triggers, and whatever else of the account names it',
      permit: { resource: 'hosted_functions', method: 'read' },
      response: usesSchema,
      answer: (request) => usesOf(parts, request),
    },
  ];
}

async function usesOf(parts: { sql: Sql }, request: ApiRequest): Promise<unknown> {
  const { world, caller } = request;
  const fn = await oneFunction(parts, request);
  const all = await listFunctionUses(parts.sql, world, fn.id, MOST + 1);
  const mine = all.filter(({ kind }) => caller.permissions[placeOf(kind).resource].read);
  const byKind = [...Map.groupBy(mine, ({ kind }) => kind)];
  return {
    data: byKind.flatMap(([, uses]) => uses.slice(0, MOST).map(useView)),
    left_out: byKind.flatMap(([kind, uses]) => (uses.length > MOST ? [kind] : [])),
  };
}

function placeOf(kind: TriggerKind): Place {
  return OTHERS[kind] ?? TRIGGERS;
}

function useView({ kind, id, name, enabled }: FunctionUse): z.input<typeof useSchema> {
  const { path } = placeOf(kind);
  return { kind, id, name, enabled, path: path === null ? null : `${path}/${id}` };
}
