// A flow: an event about a customer or a sale starts it, and its nodes say what follows. A flow run is one
// item's way through it, always at exactly one node. Pure data; read and checked in flow-fields.ts, moved by
// flow-moves.ts.
import type { World } from '../../accounts/account.ts';

/** What goes through each kind of flow. */
export const FLOW_KINDS = { customer_lifecycle: 'customer', sale_lifecycle: 'sale' } as const;
export type FlowKind = keyof typeof FLOW_KINDS;

export const OPERATORS = [
  'equals',
  'not_equals',
  'greater',
  'less',
  'contains',
  'exists',
  'missing',
  'in',
] as const;

export type Condition = {
  /** Where to look, with dots: `item_details.amount_gross`, `response.score`. */
  path: string;
  operator: (typeof OPERATORS)[number];
  value?: unknown;
};

type Next = string | null;

export type FlowNode =
  | { id: string; type: 'start'; next: Next }
  | { id: string; type: 'filter'; match: 'all' | 'any'; conditions: Condition[]; onPass: Next; onFail: Next }
  | { id: string; type: 'wait'; delayMs: number; next: Next }
  | {
      id: string;
      type: 'function';
      functionId: string;
      /** The first whose condition holds for the response says where it goes on; else `next`. */
      branches: { when: Condition; next: Next }[];
      next: Next;
      /** Where it goes on when the run failed; null: the flow run fails. */
      onError: Next;
    };

export type Flow = World & {
  id: string;
  name: string;
  description: string | null;
  kind: FlowKind;
  enabled: boolean;
  /** Notations that start it. */
  starts: string[];
  nodes: FlowNode[];
  createdAt: Date;
  modifiedAt: Date;
};

export const FLOW_RUN_STATUSES = ['going', 'completed', 'failed', 'cancelled'] as const;
export type FlowRunStatus = (typeof FLOW_RUN_STATUSES)[number];
export const FLOW_RUN_PHASES = ['entering', 'waiting', 'returned'] as const;
export type FlowRunPhase = (typeof FLOW_RUN_PHASES)[number];

export type FlowRun = World & {
  id: string;
  flowId: string;
  flowName: string;
  nodes: FlowNode[];
  eventId: string;
  itemType: string;
  itemId: string;
  itemDetails: unknown;
  status: FlowRunStatus;
  nodeId: string | null;
  phase: FlowRunPhase;
  processId: string;
  priorProcessId: string | null;
  runId: string | null;
  runStatus: string | null;
  response: unknown;
  dueAt: Date | null;
  steps: number;
  history: FlowStep[];
  error: string | null;
  createdAt: Date;
  endedAt: Date | null;
};

/** `what`: in words, for people. */
export type FlowStep = { node_id: string; process_id: string; at: string; what: string };
