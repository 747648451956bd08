// How a function URL answers where a function's dialect has no rule of its own. Pure. The rules
// (docs/triggers.md):
//
//   {statusCode, headers, body, isBase64Encoded}, of these only the first needed     that response
//   a text                            200, text/plain
//   nothing, undefined or null        204
//   anything else                     200, JSON
//   it failed                         502, JSON, never with its stack
//   it took too long                  504, JSON
import {
  type AnswerHeaders,
  excessOf,
  excessOfMap,
  type HttpAnswer,
  putHeaders,
} from '../http/http-answer.ts';
import type { Outcome, RunError } from '../sandbox/outcome.ts';

/** An object of these members alone, its statusCode a status, is meant as a response. */
const PROXY_MEMBERS = new Set(['statusCode', 'headers', 'body', 'isBase64Encoded']);

/** @returns what is wrong with a result that is meant as a response */
export function answerFault(outcome: Outcome): RunError | null {
  if (outcome.end !== 'returned' || !outcome.result.includes('"headers"')) return null;
  const value = readResult(outcome.result);
  const answer = proxyAnswer(value);
  if (answer === null) return null;
  const message = excessOfMap(mapOf(value)) ?? excessOf(answer.headers);
  return message === null ? null : { type: 'Function.MalformedResponse', message, stack: '' };
}

export function functionAnswer(outcome: Outcome, runId: string): HttpAnswer {
  if (outcome.end === 'timed_out') {
    return failureAnswer(504, { code: 'function_timed_out', message: 'the function took too long', runId });
  }
  if (outcome.end !== 'returned') {
    return failureAnswer(502, { code: 'function_failed', message: 'the function failed', runId });
  }
  const value = readResult(outcome.result);
  if (value === undefined || value === null) return { status: 204, headers: {}, body: '' };
  if (typeof value === 'string') return text(value);
  return proxyAnswer(value) ?? json(200, outcome.result);
}

/** What is wrong with the function is for its owner, who finds it in the run. */
function failureAnswer(status: number, what: { code: string; message: string; runId: string }): HttpAnswer {
  const { code, message, runId: run_id } = what;
  return json(status, JSON.stringify({ error: { code, message, run_id } }));
}

/** @returns the response that an object is meant as; null: it is an object like any other */
function proxyAnswer(value: unknown): HttpAnswer | null {
  if (!isObject(value) || !Object.keys(value).every((name) => PROXY_MEMBERS.has(name))) return null;
  const { statusCode: status, headers, body } = value;
  if (typeof status !== 'number' || !Number.isInteger(status) || status < 200 || status > 599) return null;
  const read = readHeaders(headers ?? {});
  if (read === null) return null;
  if (body === undefined || body === null) return { status, headers: read, body: '' };
  if (typeof body !== 'string') {
    const type = { 'content-type': 'application/json' };
    return { status, headers: { ...type, ...read }, body: JSON.stringify(body) };
  }
  return { status, headers: read, body: value.isBase64Encoded === true ? Buffer.from(body, 'base64') : body };
}

/** As the function gave them. */
function mapOf(value: unknown): Record<string, unknown> {
  return isObject(value) && isObject(value.headers) ? value.headers : {};
}

/** @returns null where they are no headers, or HTTP doesn't allow one of them */
function readHeaders(headers: unknown): AnswerHeaders | null {
  if (!isObject(headers)) return null;
  const read: AnswerHeaders = {};
  // answerFault says so, and what is read here goes nowhere.
  if (excessOfMap(headers) !== null) return read;
  return putHeaders(read, Object.entries(headers)) === null ? read : null;
}

function text(body: string): HttpAnswer {
  return { status: 200, headers: { 'content-type': 'text/plain; charset=utf-8' }, body };
}

function json(status: number, body: Buffer | string): HttpAnswer {
  return { status, headers: { 'content-type': 'application/json' }, body };
}

function readResult(result: Buffer): unknown {
  if (result.length === 0) return undefined;
  try {
    return JSON.parse(result.toString());
  } catch {
    return result.toString();
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
