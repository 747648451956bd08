// The envelope of every answer in this dialect: `{api_call_id, api_call_unix, code, ...}`, `code` 1 for
// success and 0 for an error (docs/specs/revcent.md section 8). What an error says besides is ours:
// `message`, and `error` with field and reference. Pure.
import type { Failure } from '../../errors/failure.ts';
import type { RenderedFailure } from '../../http/failure-renderer.ts';
import { ProblemsFound } from './problems.ts';
import { newRevcentId } from './revcent-ids.ts';

type Json = Record<string, unknown>;

export type ApiCall = { id: string; atMs: number };

export function newApiCall(nowMs: number): ApiCall {
  return { id: newRevcentId(), atMs: nowMs };
}

export function succeeded(call: ApiCall, body: Json): Json {
  return { ...headOf(call), code: 1, ...body };
}

/** A page of a list. @param page from 1 */
export function listed(call: ApiCall, page: number, results: Json[]): Json {
  return { ...headOf(call), code: 1, current_count: results.length, current_page: page, results };
}

export function renderRevcentFailure(failure: Failure, reference: string): RenderedFailure {
  const { code, message, field, facts } = failure;
  const problems = failure instanceof ProblemsFound ? { problems: failure.problems.map(problemView) } : {};
  const error = {
    code,
    ...(field === undefined ? {} : { field }),
    ...(Object.keys(facts).length === 0 ? {} : { facts }),
    ...problems,
    reference,
  };
  const body = { ...headOf(newApiCall(Date.now())), code: 0, message, error };
  return { status: failure.kind.status, headers: {}, body };
}

function headOf(call: ApiCall): Json {
  return { api_call_id: call.id, api_call_unix: Math.floor(call.atMs / 1000) };
}

function problemView({ field, rule, line, column }: ProblemsFound['problems'][number]): Json {
  return { field, message: `${field} ${rule}`, ...(line === undefined ? {} : { line, column }) };
}
