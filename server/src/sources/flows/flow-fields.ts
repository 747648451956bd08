// Reads a flow as the API takes it: every node well formed, every arrow leading to a node, nothing out of
// reach. Pure.
import { z } from 'zod';
import { fail } from '../../errors/failure.ts';
import { NAME_CHARACTERS } from '../../functions/function-name.ts';
import { readInput, storableText } from '../../http/read-input.ts';
import { isNotation, itemTypeOf, NOTATION_RULE } from '../../triggers/notation.ts';
import { FLOW_KINDS, type Flow, type FlowKind, type FlowNode } from './flow.ts';
import {
  branchesSchema,
  conditionOf,
  conditionSchema,
  filterOf,
  filterSchema,
  functionIdSchema,
  graphProblem,
  nextSchema,
  nodeIdSchema,
} from './graph-fields.ts';

const MOST_NODES = 200;
const MOST_STARTS = 50;
const MOST_DELAY_S = 366 * 86_400;
const DESCRIPTION_CHARACTERS = 5_000;

const condition = conditionSchema(
  'item_type|item_id|item_details|response',
  'must begin with item_details or response',
);

const node = z.discriminatedUnion('type', [
  z.strictObject({ id: nodeIdSchema, type: z.literal('start'), next: nextSchema }),
  filterSchema(condition),
  z.strictObject({
    ...{ id: nodeIdSchema, type: z.literal('wait'), delay_s: z.int().min(1).max(MOST_DELAY_S) },
    next: nextSchema,
  }),
  z.strictObject({
    ...{ id: nodeIdSchema, type: z.literal('function'), function_id: functionIdSchema },
    branches: branchesSchema(condition),
    ...{ next: nextSchema, on_error: nextSchema },
  }),
]);

export const flowSchema = z.strictObject({
  name: storableText(NAME_CHARACTERS).refine((text) => text.trim() !== '', 'must not be empty'),
  description: storableText(DESCRIPTION_CHARACTERS).nullable().default(null),
  kind: z.enum(Object.keys(FLOW_KINDS) as [FlowKind, ...FlowKind[]]),
  enabled: z.boolean().default(false),
  starts: z.array(z.string().refine(isNotation, NOTATION_RULE)).max(MOST_STARTS),
  nodes: z.array(node).min(1, 'must hold a start').max(MOST_NODES),
});
export const flowChangeSchema = flowSchema.partial();

export type FlowFields = Pick<Flow, 'name' | 'description' | 'kind' | 'enabled' | 'starts' | 'nodes'>;

/** @throws Failure `invalid_input` naming the field */
export function readFlow(body: unknown): FlowFields {
  const read = readInput(flowSchema, body, 'the request body');
  return checked({ ...read, nodes: read.nodes.map(nodeOf) });
}

/** What is absent stays. @throws Failure `invalid_input` naming the field */
export function readFlowChange(body: unknown, before: FlowFields): FlowFields {
  const given = z.looseObject({}).safeParse(body).data ?? {};
  const read = readInput(flowChangeSchema, body, 'the request body');
  const said = Object.fromEntries(Object.entries(read).filter(([name]) => name in given));
  const { nodes, ...rest } = said as Partial<z.infer<typeof flowSchema>>;
  return checked({ ...before, ...rest, ...(nodes === undefined ? {} : { nodes: nodes.map(nodeOf) }) });
}

function nodeOf(given: z.infer<typeof node>): FlowNode {
  switch (given.type) {
    case 'start':
      return given;
    case 'filter':
      return filterOf(given);
    case 'wait':
      return { id: given.id, type: 'wait', delayMs: given.delay_s * 1000, next: given.next };
    case 'function': {
      const { function_id: functionId, on_error: onError, branches, ...rest } = given;
      const told = branches.map((branch) => ({ when: conditionOf(branch.when), next: branch.next }));
      return { ...rest, functionId, branches: told, onError };
    }
  }
}

function checked(flow: FlowFields): FlowFields {
  const { nodes, kind, starts } = flow;
  const problem = graphProblem(nodes, 'start', arrowsOf);
  if (problem !== null) refuse('nodes', problem);
  const stray = starts.find((start) => itemTypeOf(start) !== FLOW_KINDS[kind]);
  if (stray !== undefined)
    refuse('starts', `${stray} is not about a ${FLOW_KINDS[kind]}, which goes through a ${kind} flow`);
  return flow;
}

/** Where a node may lead to. */
export function arrowsOf(from: FlowNode): string[] {
  const all =
    from.type === 'filter'
      ? [from.onPass, from.onFail]
      : from.type === 'function'
        ? [from.next, from.onError, ...from.branches.map((branch) => branch.next)]
        : [from.next];
  return all.filter((to) => to !== null);
}

function refuse(field: string, rule: string): never {
  return fail('invalid_input', { message: `${field}: ${rule}`, field });
}
