// A payment profile: a graph that a payment request goes through while the payment waits. Its nodes ask
// functions, look at what is known, and end in a result. The objects are ours: what other systems use there
// isn't known. Pure data.
import type { World } from '../../accounts/account.ts';
import type { Condition } from '../flows/flow.ts';

type Next = string | null;

export type PaymentNode =
  | { id: string; type: 'start_payment_request'; next: Next }
  | {
      id: string;
      type: 'run_function';
      functionId: string;
      /** `wait`: its response counts. `separate`: it is started, durably, and nobody waits. */
      manner: 'wait' | 'separate';
      /** How long the payment may wait for it. */
      deadlineMs: number;
      /**
       * Takes the response's place when the function failed or was late; undefined: it goes on at `onError`.
       */
      fallback?: unknown;
      next: Next;
      onError: Next;
    }
  | { id: string; type: 'filter'; match: 'all' | 'any'; conditions: Condition[]; onPass: Next; onFail: Next }
  | { id: string; type: 'result'; result: unknown };

export type PaymentProfile = World & {
  id: string;
  name: string;
  enabled: boolean;
  nodes: PaymentNode[];
  createdAt: Date;
  modifiedAt: Date;
};

/** What happened at a node. `used`: where the response came from. */
export type PaymentStep = {
  nodeId: string;
  runId: string | null;
  used: 'function' | 'fallback' | 'nothing';
  error: string | null;
};

export type PaymentDecision = {
  requestId: string;
  /** Of the result node that was reached; null: the graph ended elsewhere. */
  result: unknown;
  /** What each function responded, by node. */
  responses: Record<string, unknown>;
  steps: PaymentStep[];
};
