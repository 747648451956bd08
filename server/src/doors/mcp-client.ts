// Which client an assistant's request comes from. Of the protocol's newer versions every request says it; of
// the older ones the first does, and the server keeps no session. So the session id that it answers to the
// first request holds the client's name, and comes back with the others. What a client says of itself is
// believed by nobody: it is shown with the run. Pure but for randomness. Called by mcp-door.ts.
import type { IncomingHttpHeaders } from 'node:http';
import { z } from 'zod';
import { storableText } from '../http/read-input.ts';
import { randomAlphanumeric } from '../ids/ids.ts';

export const SESSION_HEADER = 'mcp-session-id';

const NAME_CHARACTERS = 100;
/** Ids must not be guessed to be anybody else's. */
const RANDOM_CHARACTERS = 24;

const clientSchema = z.object({
  name: storableText(NAME_CHARACTERS),
  version: storableText(NAME_CHARACTERS),
});
export type McpClient = z.infer<typeof clientSchema>;

const initialize = z.object({
  method: z.literal('initialize'),
  params: z.object({ clientInfo: clientSchema }),
});

/**
 * @param body of a request, as text @returns a session id where it is the first of a client that gives its
 * name
 */
export function sessionFor(body: unknown): string | null {
  if (typeof body !== 'string' || !body.includes('"initialize"')) return null;
  const read = initialize.safeParse(jsonOf(body));
  if (!read.success) return null;
  const { clientInfo } = read.data.params;
  return `${Buffer.from(JSON.stringify(clientInfo)).toString('base64url')}.${randomAlphanumeric(RANDOM_CHARACTERS)}`;
}

/** @returns null where the request has no session id of ours */
export function clientOf(headers: IncomingHttpHeaders): McpClient | null {
  const session = headers[SESSION_HEADER];
  if (typeof session !== 'string') return null;
  const told = Buffer.from(session.split('.', 1)[0] ?? '', 'base64url').toString();
  return clientSchema.safeParse(jsonOf(told)).data ?? null;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The protocol's own reader says what is wrong with it.
    return null;
  }
}
