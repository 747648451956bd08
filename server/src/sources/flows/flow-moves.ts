// Where a flow run goes from where it stands: the whole of a flow's meaning, pure. flow-engine.ts carries out
// what it says, in one transaction.
//
//   entering --start, filter--------------------------> entering the next node, or completed
//   entering --wait--> waiting --time is up-----------> entering the next node
//   entering --function--> waiting --run has ended--> returned --> entering the next node, or failed
import { allHold, holds } from './conditions.ts';
import type { FlowNode, FlowRun } from './flow.ts';

export type Position = Pick<FlowRun, 'nodes' | 'nodeId' | 'phase' | 'runStatus' | 'response'> &
  Pick<FlowRun, 'itemType' | 'itemId' | 'itemDetails'>;

export type Move =
  | { to: 'node'; nodeId: string; why: string }
  | { to: 'wait'; delayMs: number }
  | { to: 'run'; functionId: string }
  | { to: 'completed'; why: string }
  | { to: 'failed'; error: string };

/** Stands for the status of a run where there was no function to run. */
export const GONE = 'gone';

/** A move that needs no function. */
export type OwnMove = Exclude<Move, { to: 'run' }>;

/** Where it goes on from a node whose function isn't there any more. */
export function moveWithoutFunction(position: Position): OwnMove {
  const node = position.nodes.find(({ id }) => id === position.nodeId);
  if (node?.type === 'function') return afterRun(node, { ...position, runStatus: GONE });
  return { to: 'failed', error: `the flow has no function node ${position.nodeId}` };
}

export function nextMove(position: Position): Move {
  const node = position.nodes.find(({ id }) => id === position.nodeId);
  if (node === undefined) return { to: 'failed', error: `the flow has no node ${position.nodeId}` };
  switch (node.type) {
    case 'start':
      return goTo(node.next, 'started');
    case 'filter':
      return filterMove(node, position);
    case 'wait':
      if (position.phase === 'entering') return { to: 'wait', delayMs: node.delayMs };
      return goTo(node.next, 'waited');
    case 'function':
      if (position.phase === 'entering') return { to: 'run', functionId: node.functionId };
      return afterRun(node, position);
  }
}

function filterMove(node: Extract<FlowNode, { type: 'filter' }>, position: Position): Move {
  const passes = allHold(node.conditions, node.match, scopeOf(position));
  return passes ? goTo(node.onPass, 'passed') : goTo(node.onFail, 'did not pass');
}

function afterRun(node: Extract<FlowNode, { type: 'function' }>, position: Position): OwnMove {
  const { runStatus } = position;
  if (runStatus !== 'succeeded') {
    const error =
      runStatus === GONE
        ? `the function ${node.functionId} isn't there any more`
        : `the function's run ended as ${runStatus}`;
    return node.onError === null ? { to: 'failed', error } : goTo(node.onError, error);
  }
  const taken = node.branches.findIndex(({ when }) => holds(when, scopeOf(position)));
  if (taken !== -1) return goTo(node.branches[taken]?.next ?? null, `branch ${taken + 1}`);
  return goTo(node.next, 'run succeeded');
}

function scopeOf({ itemType, itemId, itemDetails, response }: Position): Record<string, unknown> {
  return { item_type: itemType, item_id: itemId, item_details: itemDetails, response };
}

function goTo(next: string | null, why: string): OwnMove {
  return next === null ? { to: 'completed', why } : { to: 'node', nodeId: next, why };
}
