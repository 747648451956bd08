// Flows and their runs: make, change, look at, cancel. What a node is: sources/flows/flow.ts; what may be
// sent: sources/flows/flow-fields.ts.

import { z } from 'zod';
import { fail } from '../errors/failure.ts';
import { type NamedFunction, requireFunctions } from '../functions/require-functions.ts';
import type { Database } from '../postgres/database.ts';
import { FLOW_RUN_STATUSES, type Flow, type FlowNode, type FlowRun } from '../sources/flows/flow.ts';
import { flowChangeSchema, flowSchema, readFlow, readFlowChange } from '../sources/flows/flow-fields.ts';
import { cancelFlowRun, findFlowRun, listFlowRuns } from '../sources/flows/flow-run-store.ts';
import { FLOWS, insertFlow, lockFlow, updateFlow } from '../sources/flows/flow-store.ts';
import { pageSchema } from './api-schemas.ts';
import { isItemId, type Kept, keptBody, keptEndpoints, missing } from './kept-endpoints.ts';
import type { ApiEndpoint, ApiRequest } from './millrace-api.ts';
import { type Page, pageOf, readPageQuery } from './page-query.ts';
import { readFilter } from './query-filter.ts';
import { textParameter } from './query-parameters.ts';

type Parts = { database: Database; newFlowId(): string };

const at = z.iso.datetime();

const flowViewSchema = z.looseObject({ id: z.string(), created_at: at, modified_at: at });
z.globalRegistry.add(flowViewSchema, { id: 'Flow' });
const flowRunSchema = z.object({
  id: z.string(),
  ...{ flow_id: z.string(), flow_name: z.string(), event_id: z.string() },
  ...{ item_type: z.string(), item_id: z.string(), item_details: z.unknown() },
  status: z.enum(FLOW_RUN_STATUSES),
  node_id: z.string().nullable().describe('where it stands'),
  process_id: z.uuid().describe('its stay at that node'),
  prior_process_id: z.uuid().nullable(),
  run_id: z.uuid().nullable().describe('the function run that it asked for last'),
  due_at: at.nullable().describe('when it moves on; null: it waits for a run, or is over'),
  steps: z.int(),
  history: z.array(z.object({ node_id: z.string(), process_id: z.string(), at, what: z.string() })),
  error: z.string().nullable(),
  created_at: at,
  ended_at: at.nullable(),
});
z.globalRegistry.add(flowRunSchema, { id: 'FlowRun' });

const FLOW: Kept<Flow> = {
  ...{ path: '/flows', resource: 'flows', noun: 'flow' },
  summaries: { list: 'Flows, newest first', remove: 'Removes a flow; its runs go on' },
  ...{ table: FLOWS, schema: flowViewSchema, view: flowView },
};
const READ = { resource: 'flows', method: 'read' } as const;
const UPDATE = { resource: 'flows', method: 'update' } as const;

export function flowEndpoints(parts: Parts): ApiEndpoint[] {
  return [...editing(parts), ...looking(parts)];
}

function editing({ database, newFlowId }: Parts): ApiEndpoint[] {
  return [
    {
      method: 'POST',
      path: '/flows',
      summary: 'Makes a flow; it starts once it is enabled',
      permit: { resource: 'flows', method: 'create' },
      status: 201,
      body: flowSchema,
      response: flowViewSchema,
      answer: async ({ world, body }) => {
        const flow = readFlow(keptBody(body));
        await requireFunctions(database, world, functionsOf(flow));
        return flowView(await insertFlow(database, world, newFlowId(), flow));
      },
    },
    {
      method: 'PATCH',
      path: '/flows/:id',
      summary: 'Changes a flow; runs that are going on go on as they began',
      permit: UPDATE,
      body: flowChangeSchema,
      response: flowViewSchema,
      answer: ({ world, params, body }) =>
        database.transaction(async (sql) => {
          const id = params.id ?? '';
          const before = (await lockFlow(sql, world, id)) ?? missing('flow');
          const flow = readFlowChange(keptBody(body), before);
          const known = functionsOf(before).map((named) => named.id);
          await requireFunctions(sql, world, functionsOf(flow), known);
          return flowView((await updateFlow(sql, world, id, flow)) ?? missing('flow'));
        }),
    },
    ...keptEndpoints(database, FLOW),
    {
      method: 'POST',
      path: '/flow-runs/:id/cancel',
      summary: 'Ends a flow run where it stands; a function run that it waits for goes on',
      permit: UPDATE,
      response: flowRunSchema,
      answer: async (request) => {
        const run = await oneRun(database, request);
        if (!(await cancelFlowRun(database, request.world, run.id))) {
          fail('invalid_state', { message: `the flow run is over already: ${run.status}` });
        }
        return runView(await oneRun(database, request));
      },
    },
  ];
}

function functionsOf({ nodes }: Pick<Flow, 'nodes'>): NamedFunction[] {
  return nodes.flatMap((node, at) =>
    node.type === 'function' ? [{ field: `nodes[${at}].function_id`, id: node.functionId }] : [],
  );
}

function looking({ database }: Parts): ApiEndpoint[] {
  return [
    {
      method: 'GET',
      path: '/flow-runs',
      summary: 'Flow runs, newest first',
      permit: READ,
      query: { flow_id: textParameter('of that flow') },
      isPaged: true,
      response: pageSchema(flowRunSchema),
      answer: (request) => runPage(database, request),
    },
    {
      method: 'GET',
      path: '/flow-runs/:id',
      summary: 'One flow run with the steps that it took',
      permit: READ,
      response: flowRunSchema,
      answer: async (request) => runView(await oneRun(database, request)),
    },
  ];
}

async function runPage(database: Database, { world, query }: ApiRequest): Promise<Page<unknown>> {
  const { limit, after } = readPageQuery(query, isItemId);
  const flowId = readFilter(query, 'flow_id');
  const runs = await listFlowRuns(database, world, { flowId, limit: limit + 1, after });
  return pageOf(runs, limit, (run) => run.id, runView);
}

async function oneRun(database: Database, { world, params }: ApiRequest): Promise<FlowRun> {
  const run = await findFlowRun(database, world, params.id ?? '');
  return run ?? missing('flow run');
}

function flowView(flow: Flow): Record<string, unknown> {
  const { id, name, description, kind, enabled, starts } = flow;
  return {
    ...{ id, name, description, kind, enabled, starts, nodes: flow.nodes.map(nodeView) },
    created_at: flow.createdAt.toISOString(),
    modified_at: flow.modifiedAt.toISOString(),
  };
}

function nodeView(node: FlowNode): Record<string, unknown> {
  const { id, type } = node;
  switch (node.type) {
    case 'start':
      return { id, type, next: node.next };
    case 'filter': {
      const { match, conditions, onPass: on_pass, onFail: on_fail } = node;
      return { id, type, match, conditions, on_pass, on_fail };
    }
    case 'wait':
      return { id, type, delay_s: node.delayMs / 1000, next: node.next };
    case 'function': {
      const { functionId: function_id, branches, next, onError: on_error } = node;
      return { id, type, function_id, branches, next, on_error };
    }
  }
}

function runView(run: FlowRun): z.input<typeof flowRunSchema> {
  return {
    id: run.id,
    ...{ flow_id: run.flowId, flow_name: run.flowName, event_id: run.eventId },
    ...{ item_type: run.itemType, item_id: run.itemId, item_details: run.itemDetails },
    status: run.status,
    ...{ node_id: run.nodeId, process_id: run.processId, prior_process_id: run.priorProcessId },
    run_id: run.runId,
    due_at: run.dueAt?.toISOString() ?? null,
    ...{ steps: run.steps, history: run.history, error: run.error },
    created_at: run.createdAt.toISOString(),
    ended_at: run.endedAt?.toISOString() ?? null,
  };
}
