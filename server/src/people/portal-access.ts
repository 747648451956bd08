// Who calls by a portal's session: a caller with what its role permits and its features open, for each call
// anew. It is presented in a header (`Authorization: Portal <secret>`), since browsers send no cookies into
// frames of other sites; at the console's host alone. Called by people/console-access.ts.
import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyRequest } from 'fastify';
import type { World } from '../accounts/account.ts';
import { fail } from '../errors/failure.ts';
import { requireServed } from '../http/served-accounts.ts';
import type { Caller } from '../tokens/caller.ts';
import { mayCall } from './portal-features.ts';
import type { PortalSession } from './portal-store.ts';
import { permissionsOf } from './roles.ts';
import type { SecretDirectory } from './session-directory.ts';

export type PortalAccess = {
  /** @throws Failure `unauthorized` for one that is over */
  requireSession(request: { headers: IncomingHttpHeaders; ip: string }): Promise<PortalSession>;
  /** @throws Failure `unauthorized`, `insufficient_permissions`, `not_found` for a run of another function */
  callerOf(request: FastifyRequest, address: string): Promise<Caller>;
};

type Parts = {
  sessions: Pick<SecretDirectory<PortalSession>, 'find'>;
  /** null: there is no such run. */
  functionOfRun(world: World, runId: string): Promise<string | null>;
};

const PREFIX = '/millrace/v1';

/** null: the header presents none. */
export function portalSecret(headers: IncomingHttpHeaders): string | null {
  return /^Portal +([0-9A-Za-z]+) *$/i.exec(headers.authorization ?? '')?.[1] ?? null;
}

export function createPortalAccess({ sessions, functionOfRun }: Parts): PortalAccess {
  const requireSession: PortalAccess['requireSession'] = async ({ headers, ip }) =>
    (await sessions.find(portalSecret(headers) ?? '', ip)) ??
    fail('unauthorized', { message: 'this portal is over: open it again from where you came' });
  return {
    requireSession,
    async callerOf(request, ip) {
      const session = await requireSession({ headers: request.headers, ip });
      const { accountId, userId, grants, id: tokenId } = session;
      requireServed(request, accountId);
      const world = { accountId, mode: grants.mode };
      await requireOpen(request, grants.features, (runId) => functionOfRun(world, runId));
      const permissions = permissionsOf({ role: grants.role, seesInputs: true }, false);
      return { ...world, kind: 'session', tokenId, userId, permissions };
    },
  };
}

async function requireOpen(
  { method, routeOptions, params, query }: FastifyRequest,
  features: PortalSession['grants']['features'],
  functionOf: (runId: string) => Promise<string | null>,
): Promise<void> {
  const { id = null } = params as { id?: string };
  const address = `${method} ${(routeOptions.url ?? '').slice(PREFIX.length)}`;
  // Named twice it would be anybody's guess which of them is read.
  const { function_id: asked } = query as { function_id?: unknown };
  const answer = mayCall(features, { address, id, askedId: typeof asked === 'string' ? asked : null });
  if (answer === 'yes') return;
  if (answer === 'no') return fail('insufficient_permissions', { message: 'this portal does not show that' });
  const functionId = await functionOf(id ?? '');
  if (functionId === null || !answer.runOf.includes(functionId)) {
    fail('not_found', { message: 'there is no such run' });
  }
}
