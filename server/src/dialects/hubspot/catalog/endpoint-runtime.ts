// Which runtime a folder's code is run with. Pure.
import { findNodeRuntime, OLDEST_NODE } from '../../../engines/runtime-codes.ts';

/** What HubSpot ran everything on at the end, whatever the file said. */
export const CURRENT_RUNTIME = 'nodejs20.x';

/**
 * @param declared `runtime` of serverless.json; null: none
 * @returns a code that the engine has: the declared one where it is there, else the current one (of retired
 * Nodes, too)
 */
export function endpointRuntime(declared: string | null): string {
  const code = declared?.trim().toLowerCase() ?? '';
  const runtime = findNodeRuntime(code);
  const isThere = runtime !== null && runtime !== 'other_language' && runtime.engineMajor >= OLDEST_NODE;
  return isThere && !runtime.substituted ? code : CURRENT_RUNTIME;
}
