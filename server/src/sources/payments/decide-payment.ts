// Takes a payment request through a profile while its caller waits: functions that are waited for have a
// deadline and a fallback, those that aren't are accepted durably and left to run. Never processes a payment
// itself. Called by the API.
import type { World } from '../../accounts/account.ts';
import { Failure } from '../../errors/failure.ts';
import type { CallFunction, FunctionCall } from '../../runs/call-function.ts';
import type { RunInput } from '../../runs/run-input.ts';
import { allHold } from '../flows/conditions.ts';
import type { PaymentDecision, PaymentNode, PaymentProfile, PaymentStep } from './payment-profile.ts';

export type PaymentParts = {
  call: CallFunction;
  /** Puts a run on disk that nobody waits for. */
  accept(wanted: Omit<FunctionCall, 'timeoutMs'>): Promise<{ id: string }>;
  newRequestId(): string;
};

type FunctionNode = Extract<PaymentNode, { type: 'run_function' }>;
/** What is known on the way. */
type Way = {
  world: World;
  profile: PaymentProfile;
  requestId: string;
  request: Record<string, unknown>;
  response: unknown;
  responses: Record<string, unknown>;
  steps: PaymentStep[];
};

/** A graph may have a circle: the payment that waits is answered all the same. */
const MOST_STEPS = 100;

export async function decidePayment(
  parts: PaymentParts,
  profile: PaymentProfile,
  request: Record<string, unknown>,
): Promise<PaymentDecision> {
  const way: Way = {
    world: { accountId: profile.accountId, mode: profile.mode },
    ...{ profile, request, requestId: parts.newRequestId(), response: null, steps: [] },
    // A node may bear any name.
    responses: Object.create(null) as Record<string, unknown>,
  };
  const result = await walk(parts, way);
  return { requestId: way.requestId, result, responses: way.responses, steps: way.steps };
}

async function walk(parts: PaymentParts, way: Way): Promise<unknown> {
  const nodes = new Map(way.profile.nodes.map((node) => [node.id, node]));
  let node = way.profile.nodes.find(({ type }) => type === 'start_payment_request');
  for (let steps = 0; node !== undefined && steps < MOST_STEPS; steps += 1) {
    if (node.type === 'result') return node.result;
    const to = await pass(parts, way, node);
    node = to === null ? undefined : nodes.get(to);
  }
  return null;
}

/** @returns where it goes on */
async function pass(
  parts: PaymentParts,
  way: Way,
  node: Exclude<PaymentNode, { type: 'result' }>,
): Promise<string | null> {
  if (node.type === 'start_payment_request') return node.next;
  if (node.type === 'filter') {
    const { request: payment_request, response, responses } = way;
    const scope = { payment_request, response, responses };
    return allHold(node.conditions, node.match, scope) ? node.onPass : node.onFail;
  }
  return node.manner === 'wait' ? await askFunction(parts, way, node) : await startFunction(parts, way, node);
}

async function askFunction(parts: PaymentParts, way: Way, node: FunctionNode): Promise<string | null> {
  const asked = { world: way.world, functionId: node.functionId, timeoutMs: node.deadlineMs };
  try {
    const { runId, outcome } = await parts.call({
      ...asked,
      input: inputOf(way, node),
      cause: causeOf(way, node),
    });
    if (outcome.end === 'returned') {
      keep(way, node, JSON.parse(outcome.result.toString()) as unknown);
      way.steps.push({ nodeId: node.id, runId, used: 'function', error: null });
      return node.next;
    }
    return fallBack(way, node, { runId, error: outcome.error.message });
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return fallBack(way, node, { runId: null, error: error.message });
  }
}

async function startFunction(parts: PaymentParts, way: Way, node: FunctionNode): Promise<string | null> {
  try {
    const asked = { world: way.world, functionId: node.functionId };
    const run = await parts.accept({ ...asked, input: inputOf(way, node), cause: causeOf(way, node) });
    way.steps.push({ nodeId: node.id, runId: run.id, used: 'nothing', error: null });
    return node.next;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return fallBack(way, node, { runId: null, error: error.message });
  }
}

function fallBack(
  way: Way,
  node: FunctionNode,
  failed: { runId: string | null; error: string },
): string | null {
  const hasFallback = node.fallback !== undefined;
  way.steps.push({ nodeId: node.id, ...failed, used: hasFallback ? 'fallback' : 'nothing' });
  if (!hasFallback) return node.onError;
  keep(way, node, node.fallback);
  return node.next;
}

function keep(way: Way, node: FunctionNode, response: unknown): void {
  way.response = response;
  way.responses[node.id] = response;
}

function inputOf(way: Way, node: FunctionNode): RunInput {
  const { profile, requestId, request, responses } = way;
  return {
    trigger: 'payment_profile',
    source: { id: profile.id, name: profile.name, facts: { node_id: node.id, request_id: requestId } },
    data: {
      ...{ item_type: 'payment_request', item_id: requestId, item_details: request },
      payment: { profile_id: profile.id, node_id: node.id, responses },
    },
  };
}

function causeOf(way: Way, node: FunctionNode) {
  return { payment_profile_id: way.profile.id, request_id: way.requestId, node_id: node.id };
}
