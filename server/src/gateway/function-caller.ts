// Calls a function for a noun that waits for the result and speaks no HTTP: the dialect's adapter makes the event of the
// input and judges the result. Built by roles/serve.ts; what it is for: call-function.ts.
import { adapterOf } from '../runs/adapter-of.ts';
import type { CallFunction, CallResult, FunctionCall } from '../runs/call-function.ts';
import type { Interpretation } from '../runs/execute-run.ts';
import type { RunAdapter, RunAdapters } from '../runs/run-adapter.ts';
import type { Outcome } from '../sandbox/outcome.ts';
import type { InvokeFunction } from './invoke-function.ts';

type Parts = { invoke: InvokeFunction; adapters: RunAdapters };

export function functionCaller({ invoke, adapters }: Parts): CallFunction {
  return async (call) => {
    const { world, functionId, input, cause, timeoutMs } = call;
    let adapter: RunAdapter | null = null;
    return await invoke<CallResult>({
      ...{ world, functionId, cause, trigger: input.trigger },
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
      input: () => input,
      keepsResult: true,
      event: (runId, fn) => {
        adapter = adapterOf(adapters, fn);
        return adapter.eventOf(input, { runId, fn, attempt: 1 });
      },
      interpret: (outcome, runId) => interpretCall(adapter, call, { runId, outcome }),
    });
  };
}

function interpretCall(
  adapter: RunAdapter | null,
  { input }: FunctionCall,
  result: CallResult,
): Interpretation<CallResult> {
  const { outcome } = result;
  const fault =
    outcome.end === 'returned'
      ? (adapter?.faultOf(outcome, { trigger: input.trigger, isAwaited: true }) ?? null)
      : null;
  const told: Outcome = fault === null ? outcome : { end: 'threw', error: fault };
  return { response: { ...result, outcome: told }, responseStatus: null, fault };
}
