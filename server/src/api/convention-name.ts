// What the API calls the conventions of functions. Pure.
import { z } from 'zod';
import type { Convention } from '../functions/function.ts';

export const conventionSchema = z
  .enum(['handler', 'body', 'respond'], 'must be handler, body or respond')
  .describe(
    '`handler`: an exported handler; `body`: a function body; `respond`: a handler that gets sendResponse',
  );
type ConventionName = z.infer<typeof conventionSchema>;

const CONVENTION_OF = { handler: 'lambda', body: 'body', respond: 'respond' } as const satisfies Record<
  ConventionName,
  Convention
>;
const NAME_OF: Record<Convention, ConventionName> = { lambda: 'handler', body: 'body', respond: 'respond' };

export function conventionOf(name: ConventionName): Convention {
  return CONVENTION_OF[name];
}

export function conventionName(convention: Convention): ConventionName {
  return NAME_OF[convention];
}
