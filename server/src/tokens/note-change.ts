// Writes into the audit log what was changed by any API: who, from where, by which route, of what kind. Not
// what functions do as they run, nor what is published: that is in runs and events. Put into the HTTP server
// by roles/open-public-port.ts.
import type { FastifyRequest } from 'fastify';
import { addAuditEntry } from '../accounts/operator-audit-store.ts';
import { clientAddress } from '../http/client-address.ts';
import type { ChangeDetails, NoteChange } from '../http/note-changes.ts';
import type { Sql } from '../postgres/database.ts';
import { callerIn, type RoutePermit } from './admit-callers.ts';
import type { Permit } from './caller.ts';
import type { Resource } from './permissions.ts';

/** What is made and changed by the thousand, and isn't how an account is set up. */
const CONTENT: ReadonlySet<Resource> = new Set([
  ...(['hosted_function_executions', 'function_runs', 'run_contents', 'events', 'key_values'] as const),
]);
const ACTIONS = {
  create: 'resource.create',
  update: 'resource.change',
  delete: 'resource.delete',
} as const;
const MOST_TARGET_CHARACTERS = 200;

type Parts = {
  sql: Sql;
  /** Counts what is kept of an account. */
  count(accountId: string, bytes: number): void;
};

export function createChangeNote({ sql, count }: Parts): NoteChange {
  return (request, change) => {
    const { permit } = request.routeOptions.config as { permit?: RoutePermit };
    const changed = changedBy(permit);
    return changed === null ? null : note(request, changed, change);
  };

  async function note(
    request: FastifyRequest,
    changed: Changing,
    { target, before, after }: ChangeDetails,
  ): Promise<void> {
    const { accountId, mode, tokenId, userId, kind } = callerIn(request);
    const isSession = kind === 'session';
    await addAuditEntry(sql, {
      ...{ action: ACTIONS[changed.method], accountId, mode, address: clientAddress(request), before, after },
      tokenId: isSession ? null : tokenId,
      userId: isSession ? userId : null,
      sessionId: isSession ? tokenId : null,
      route: `${request.method} ${request.routeOptions.url ?? ''}`,
      resource: changed.resource,
      target: target === null ? null : target.slice(0, MOST_TARGET_CHARACTERS),
    });
    count(accountId, JSON.stringify([before, after]).length);
  }
}

type Changing = { resource: Resource; method: keyof typeof ACTIONS };

/** What a route changes, by what it permits; null: nothing of how an account is set up. Pure. */
export function changedBy(permit: RoutePermit | undefined): Changing | null {
  if (permit === undefined || typeof permit === 'string') return null;
  const all: readonly Permit[] = 'resource' in permit ? [permit] : permit;
  if (all.some(({ resource }) => CONTENT.has(resource))) return null;
  return all.find((one): one is Changing => one.method in ACTIONS) ?? null;
}
