// An account with all that the operator has set of it. Called by the operator's endpoints, and for what they
// write of a change.
import type { z } from 'zod';
import { findEgressDeny } from '../accounts/egress-store.ts';
import { findOperatedAccount } from '../accounts/operated-account-store.ts';
import type { Sql } from '../postgres/database.ts';
import { findOwn, type LimitParts, noSuchAccount, showLimits } from './account-limit-fields.ts';
import { type accountSchema, shortView } from './operator-account-fields.ts';

/** @throws Failure `not_found` */
export async function showAccount(
  sql: Sql,
  parts: LimitParts,
  id: string,
): Promise<z.input<typeof accountSchema>> {
  const account = (await findOperatedAccount(sql, id)) ?? noSuchAccount();
  const { limits, bounds } = await showLimits(sql, parts, id);
  const own = await findOwn(sql, id);
  return { ...shortView(account), limits, bounds, own, egress_deny: await findEgressDeny(sql, id) };
}
