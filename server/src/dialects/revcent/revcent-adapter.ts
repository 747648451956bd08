// How this dialect takes part in runs: the documents of a function body, and what a function URL answers.
// What that is the page leaves open; these rules are ours (docs/revcent.md).
import type { HttpAnswer } from '../../http/http-answer.ts';
import type { RunAdapter } from '../../runs/run-adapter.ts';
import type { Outcome } from '../../sandbox/outcome.ts';
import { functionEvent } from './function-event.ts';

const STATUS_OF = { timed_out: 504, platform_fault: 503 } as const;
const FAILED = 500;

export const revcentAdapter: RunAdapter = {
  eventOf: functionEvent,
  // A body says itself when it has failed: whatever it returns is fine.
  read: (outcome, { reader }) => ({
    fault: null,
    answer: reader === 'http_caller' ? responseOf(outcome) : null,
  }),
};

function responseOf(outcome: Outcome): HttpAnswer {
  return outcome.end === 'returned' ? answerOf(outcome.result) : failureOf(outcome);
}

/** A text is sent as it is, everything else as JSON; nothing is an empty answer. */
function answerOf(result: Buffer): HttpAnswer {
  const json = result.toString();
  const value: unknown = JSON.parse(json);
  if (value === null) return { status: 200, headers: {}, body: '' };
  if (typeof value === 'string') return { status: 200, headers: typed(typeOfText(value)), body: value };
  return { status: 200, headers: typed('application/json; charset=utf-8'), body: json };
}

/** What the function itself said is the answer; of everything else only what happened. */
function failureOf(outcome: Exclude<Outcome, { end: 'returned' }>): HttpAnswer {
  const status = outcome.end in STATUS_OF ? STATUS_OF[outcome.end as keyof typeof STATUS_OF] : FAILED;
  const error = outcome.end === 'threw' ? outcome.error.message : `the function ${WORDS[outcome.end]}`;
  return { status, headers: typed('application/json; charset=utf-8'), body: JSON.stringify({ error }) };
}

const WORDS = {
  timed_out: 'took too long',
  out_of_memory: 'used more memory than it may',
  crashed: 'ended before it had answered',
  too_large: 'answered with more than may be sent',
  platform_fault: 'could not be run',
  cancelled: 'was cancelled',
} as const;

/** Pages, documents of JSON, and the rest: so that a browser shows what the owner means. */
function typeOfText(text: string): string {
  const start = text.trimStart();
  if (/^<(!doctype|html|head|body)/i.test(start)) return 'text/html; charset=utf-8';
  if ((start.startsWith('{') || start.startsWith('[')) && isJson(text))
    return 'application/json; charset=utf-8';
  return 'text/plain; charset=utf-8';
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function typed(type: string): Record<string, string> {
  return { 'content-type': type, 'x-content-type-options': 'nosniff' };
}
