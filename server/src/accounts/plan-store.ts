// SQL of plans: named sets of limits and bounds that accounts are put on. What they come to for an account is
// read elsewhere: limits/account-limits-store.ts, and account_bound in the database. Called by the operator's
// API.
import type { Sql } from '../postgres/database.ts';

export type Plan = {
  name: string;
  description: string | null;
  /** As the API calls them. */
  limits: Record<string, number>;
  bounds: Record<string, number>;
  /** How many accounts are on it. */
  accounts: number;
  createdAt: Date;
  modifiedAt: Date;
};

export type PlanTerms = Pick<Plan, 'description' | 'limits' | 'bounds'>;

const COLUMNS = `name, description, limits, bounds, (select count(*) from accounts a where a.plan = plans.name) as accounts,
  created_at as "createdAt", modified_at as "modifiedAt"`;

export async function findPlan(sql: Sql, name: string): Promise<Plan | null> {
  const [plan] = await sql.query<Plan>(`select ${COLUMNS} from plans where name = $1`, [name]);
  return plan ?? null;
}

/** Until the end of the transaction nobody else changes it, and no account is put on it. */
export async function lockPlan(sql: Sql, name: string): Promise<Plan | null> {
  await sql.query('select from plans where name = $1 for update', [name]);
  return await findPlan(sql, name);
}

/** By name. `after`: that of the last one of the page before. */
export async function listPlans(
  sql: Sql,
  { limit, after }: { limit: number; after: string | null },
): Promise<Plan[]> {
  return await sql.query<Plan>(
    `select ${COLUMNS} from plans where $1::text is null or name > $1 order by name limit $2`,
    [after, limit],
  );
}

/** @returns false where there is one of this name, or as many as there may be */
export async function insertPlan(
  sql: Sql,
  name: string,
  { terms, most }: { terms: PlanTerms; most: number },
): Promise<boolean> {
  const rows = await sql.query(
    `insert into plans (name, description, limits, bounds)
     select $1, $2, $3, $4 where (select count(*) from plans) < $5 on conflict do nothing returning name`,
    [name, terms.description, JSON.stringify(terms.limits), JSON.stringify(terms.bounds), most],
  );
  return rows.length > 0;
}

export async function updatePlan(sql: Sql, name: string, terms: PlanTerms): Promise<void> {
  await sql.query(
    'update plans set description = $2, limits = $3, bounds = $4, modified_at = now() where name = $1',
    [name, terms.description, JSON.stringify(terms.limits), JSON.stringify(terms.bounds)],
  );
}

export async function deletePlan(sql: Sql, name: string): Promise<void> {
  await sql.query('delete from plans where name = $1', [name]);
}

/** @returns false where there is no such plan */
export async function putOnPlan(sql: Sql, accountId: string, name: string | null): Promise<boolean> {
  if (name !== null) {
    // Held until the account is on it: a deletion of the plan waits, and then finds it used.
    const rows = await sql.query('select from plans where name = $1 for key share', [name]);
    if (rows.length === 0) return false;
  }
  await sql.query('update accounts set plan = $2, modified_at = now() where id = $1', [accountId, name]);
  return true;
}
