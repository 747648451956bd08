// How functions of Millrace's own API take part in runs: a request becomes the event of a Lambda function
// URL, everything else one plain envelope, and a result is read as Lambda function URLs read it. Pure; handed
// to the executors by roles/. Described in docs/functions-api.md.
import type { ResultFacts, ResultReading, RunAdapter, RunFacts } from '../../runs/run-adapter.ts';
import type { RunInput } from '../../runs/run-input.ts';
import type { Outcome } from '../../sandbox/outcome.ts';
import { httpEvent } from './http-event.ts';
import { httpResult } from './http-result.ts';
import { plainEvent } from './plain-event.ts';

export const millraceAdapter: RunAdapter = {
  eventOf(input, facts) {
    const event = eventOf(input, facts);
    return JSON.stringify(facts.fn.convention === 'body' ? { event, context: contextOf(facts) } : event);
  },
  read,
};

function eventOf(input: RunInput, facts: RunFacts): unknown {
  return input.request === undefined ? plainEvent(input, facts) : httpEvent(input.request, input, facts);
}

/** A function body has no other context: its runtime adds nothing. */
function contextOf({ fn, runId, attempt }: RunFacts): unknown {
  return {
    function: { id: fn.id, name: fn.name, version: fn.version },
    run: { id: runId, attempt },
    dependencies: fn.dependencies,
  };
}

/** Who isn't answered over HTTP takes any result: such a run fails by an error alone. */
function read(outcome: Outcome, { trigger, reader }: ResultFacts): ResultReading {
  const answersHttp = trigger === 'http' || trigger === 'function_url';
  if (outcome.end !== 'returned' || !answersHttp) return { fault: null, answer: null };
  const given = httpResult(outcome.result);
  if ('answer' in given) return { fault: null, answer: reader === 'http_caller' ? given.answer : null };
  const fault = { type: 'Function.MalformedResponse', message: given.mistake, stack: '' };
  return { fault, answer: null };
}
