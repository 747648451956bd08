// What an answer shows and no request sets (`created_at`, `bytes`, ...) may stand in the body of a later
// request, so that what was read can be changed and sent back, or sent elsewhere, as it is. Pure. Called by
// millrace-api.ts.
import type { z } from 'zod';

type Endpoint = { body?: z.ZodType; response: z.ZodType };

/**
 * @param params of the address: a member that names another one than the address does is not left out
 * @returns the body without what only answers have
 */
export function withoutTold(endpoint: Endpoint, params: Record<string, string>, body: unknown): unknown {
  const taken = membersOf(endpoint.body);
  const told = membersOf(endpoint.response);
  if (taken === null || told === null || body === null || typeof body !== 'object' || Array.isArray(body))
    return body;
  const isToldOnly = ([name, value]: [string, unknown]): boolean =>
    told.has(name) && !taken.has(name) && (params[name] === undefined || params[name] === value);
  const entries = Object.entries(body);
  const others = entries.filter((entry) => !isToldOnly(entry));
  return others.length === entries.length ? body : Object.fromEntries(others);
}

/** @returns null where the schema isn't one of an object's members */
function membersOf(schema: z.ZodType | undefined): Set<string> | null {
  const shape = (schema as { shape?: unknown } | undefined)?.shape;
  return typeof shape === 'object' && shape !== null ? new Set(Object.keys(shape)) : null;
}
