// Keeps what the operator changes of an account: reads it before and after, and writes what differs, in the
// same transaction. Called by the operator's endpoints for every change.

import { lockOperatedAccount } from '../accounts/operated-account-store.ts';
import { type AuditAction, addAuditEntry } from '../accounts/operator-audit-store.ts';
import type { Sql } from '../postgres/database.ts';
import type { LimitParts } from './account-limit-fields.ts';
import type { ApiRequest } from './millrace-api.ts';
import { showAccount } from './show-account.ts';

type Fields = Record<string, unknown>;

export type Audited = {
  request: Pick<ApiRequest, 'caller' | 'ip'>;
  action: AuditAction;
  accountId: string | null;
};

type AuditedAccount = Audited & { accountId: string };

/** Of a change to an account that is there. Locks it. @throws Failure `not_found` */
export async function changeAudited(
  sql: Sql,
  parts: LimitParts,
  audited: AuditedAccount,
  change: () => Promise<unknown>,
): Promise<void> {
  const { accountId } = audited;
  await lockOperatedAccount(sql, accountId);
  const before = await showAccount(sql, parts, accountId);
  await change();
  const after = await showAccount(sql, parts, accountId);
  const differing = differences(before, after);
  if (Object.keys(differing.after).length > 0) await audit(sql, audited, differing);
}

export async function audit(
  sql: Sql,
  { request, action, accountId }: Audited,
  { before, after }: { before: Fields | null; after: Fields | null },
): Promise<void> {
  await addAuditEntry(sql, {
    ...whoOf(request),
    ...{ action, accountId, before, after },
  });
}

/** Who asked, and from where. */
export function whoOf({ caller, ip }: Pick<ApiRequest, 'caller' | 'ip'>) {
  const isSession = caller.kind === 'session';
  return {
    tokenId: isSession ? null : caller.tokenId,
    userId: isSession ? caller.userId : null,
    sessionId: isSession ? caller.tokenId : null,
    address: ip,
  };
}

const NOT_TOLD: ReadonlySet<string> = new Set(['modified_at', 'status_since', 'use', 'own']);

/** Of two views of one account, field by field, and within a field that has fields. Pure. */
export function differences(before: Fields, after: Fields): { before: Fields; after: Fields } {
  const [former, latter]: [Fields, Fields] = [{}, {}];
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const [was, is] = [before[name], after[name]];
    if (NOT_TOLD.has(name) || JSON.stringify(was) === JSON.stringify(is)) continue;
    if (isObject(was) && isObject(is)) {
      const within = differences(was, is);
      former[name] = within.before;
      latter[name] = within.after;
    } else {
      former[name] = was ?? null;
      latter[name] = is ?? null;
    }
  }
  return { before: former, after: latter };
}

function isObject(value: unknown): value is Fields {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
