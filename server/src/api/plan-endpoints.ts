// Plans, /operator/plans: named sets of limits and bounds that the operator puts accounts on. Never touches
// what accounts have of their own. Put together in roles/open-operator.ts.
import { z } from 'zod';
import {
  deletePlan,
  findPlan,
  insertPlan,
  listPlans,
  lockPlan,
  type Plan,
  type PlanTerms,
  updatePlan,
} from '../accounts/plan-store.ts';
import { fail } from '../errors/failure.ts';
import { readInput, storableText } from '../http/read-input.ts';
import { announceLimitsOfAll } from '../limits/account-limits-store.ts';
import type { Database } from '../postgres/database.ts';
import { boundFields, limitFields, requirePayloadBytes } from './account-limit-fields.ts';
import { pageSchema } from './api-schemas.ts';
import type { ApiEndpoint, ApiRequest } from './millrace-api.ts';
import { operating } from './operator-account-endpoints.ts';
import { audit, differences } from './operator-audit.ts';
import { pageOf, readPageQuery } from './page-query.ts';
import { isPlanName, planName } from './plan-name.ts';

/** Of an installation. */
const MOST_PLANS = 1_000;
const NULL_TAKES_AWAY = "null, or left out: the installation's";

const terms = {
  description: storableText(1_000).nullable(),
  limits: limitFields.describe(`of runs and time: docs/replay.md; ${NULL_TAKES_AWAY}`),
  bounds: boundFields.describe(`how many things of each kind: docs/limits.md; ${NULL_TAKES_AWAY}`),
};
const newSchema = z.strictObject({ name: planName, ...z.strictObject(terms).partial().shape });
const changeSchema = z.strictObject(terms).partial();

const at = z.iso.datetime();
const planSchema = z.object({
  name: z.string(),
  description: z.string().nullable(),
  limits: z.record(z.string(), z.int()).describe('those that it sets; 0: none'),
  bounds: z.record(z.string(), z.int()).describe('those that it sets'),
  accounts: z.int().describe('how many are on it'),
  created_at: at,
  modified_at: at,
});
z.globalRegistry.add(planSchema, { id: 'Plan' });

const PATH = '/operator/plans';

type Parts = { database: Database; mostPayloadBytes: number };

export function planEndpoints(parts: Parts): ApiEndpoint[] {
  const { database } = parts;
  return [
    {
      method: 'POST',
      path: PATH,
      foundBy: 'name',
      summary: 'Makes a plan: limits and bounds that accounts are put on',
      ...operating('create'),
      body: newSchema,
      status: 201,
      response: planSchema,
      answer: (request) => make(parts, request),
    },
    {
      method: 'GET',
      path: PATH,
      summary: 'The plans of the installation, by name',
      ...operating('read'),
      response: pageSchema(planSchema),
      isPaged: true,
      answer: async ({ query }) => {
        const { limit, after } = readPageQuery(query, isPlanName);
        const plans = await listPlans(database, { after, limit: limit + 1 });
        return pageOf(plans, limit, ({ name }) => name, view);
      },
    },
    {
      method: 'GET',
      path: `${PATH}/:name`,
      summary: 'A plan',
      ...operating('read'),
      response: planSchema,
      answer: async ({ params }) => view((await findPlan(database, params.name ?? '')) ?? noSuchPlan()),
    },
    {
      method: 'PATCH',
      path: `${PATH}/:name`,
      summary: 'Changes a plan, for all accounts that are on it',
      ...operating('update'),
      body: changeSchema,
      response: planSchema,
      answer: (request) => change(parts, request),
    },
    {
      method: 'DELETE',
      path: `${PATH}/:name`,
      summary: 'Deletes a plan that no account is on',
      ...operating('delete'),
      status: 204,
      response: z.null(),
      answer: (request) => remove(parts, request),
    },
  ];
}

type Terms = z.infer<typeof changeSchema>;

/** What it sets after a change: what is null, or none, isn't set. Pure. */
function changed(before: PlanTerms, { description, limits = {}, bounds = {} }: Terms): PlanTerms {
  const merged = (was: Record<string, number>, change: object): Record<string, number> =>
    Object.fromEntries(Object.entries({ ...was, ...change }).filter(([, number]) => number !== null));
  return {
    description: description === undefined ? before.description : description,
    limits: merged(before.limits, limits),
    bounds: merged(before.bounds, bounds),
  };
}

async function make({ database, mostPayloadBytes }: Parts, request: ApiRequest): Promise<unknown> {
  const { name, ...asked } = readInput(newSchema, request.body, 'the request body');
  requirePayloadBytes(asked.limits?.payload_bytes, mostPayloadBytes);
  const first = changed({ description: null, limits: {}, bounds: {} }, asked);
  return await database.transaction(async (sql) => {
    if (!(await insertPlan(sql, name, { terms: first, most: MOST_PLANS })))
      fail('conflict', {
        message: `there is a plan ${JSON.stringify(name)}, or there are ${MOST_PLANS} already`,
        field: 'name',
      });
    await audit(
      sql,
      { request, action: 'plan.create', accountId: null },
      { before: null, after: { name, ...first } },
    );
    return view((await findPlan(sql, name)) ?? noSuchPlan());
  });
}

async function change({ database, mostPayloadBytes }: Parts, request: ApiRequest): Promise<unknown> {
  const asked = readInput(changeSchema, request.body, 'the request body');
  requirePayloadBytes(asked.limits?.payload_bytes, mostPayloadBytes);
  return await database.transaction(async (sql) => {
    const before = (await lockPlan(sql, request.params.name ?? '')) ?? noSuchPlan();
    const { name } = before;
    await updatePlan(sql, name, changed(before, asked));
    await announceLimitsOfAll(sql);
    const after = (await findPlan(sql, name)) ?? noSuchPlan();
    const differing = differences(view(before), view(after));
    if (Object.keys(differing.after).length > 0)
      await audit(
        sql,
        { request, action: 'plan.change', accountId: null },
        { before: { ...differing.before, name }, after: { ...differing.after, name } },
      );
    return view(after);
  });
}

async function remove({ database }: Parts, request: ApiRequest): Promise<void> {
  await database.transaction(async (sql) => {
    const plan = (await lockPlan(sql, request.params.name ?? '')) ?? noSuchPlan();
    if (plan.accounts > 0)
      fail('conflict', {
        message: `accounts are on this plan: ${plan.accounts}. Put them on another one first.`,
        facts: { accounts: plan.accounts },
      });
    await deletePlan(sql, plan.name);
    await audit(
      sql,
      { request, action: 'plan.delete', accountId: null },
      { before: view(plan), after: null },
    );
  });
}

function noSuchPlan(): never {
  return fail('not_found', { message: 'there is no such plan' });
}

function view({ createdAt, modifiedAt, ...plan }: Plan): z.input<typeof planSchema> {
  return { ...plan, created_at: createdAt.toISOString(), modified_at: modifiedAt.toISOString() };
}
