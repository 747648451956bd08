// SQL of how much an account has of each thing that it may have so many of: counted when the operator asks,
// by the same rules as the bounds. Never asked for a call. Called by the operator's API.
import type { BoundName } from '../config/account-bounds.ts';
import type { Sql } from '../postgres/database.ts';

export type AccountUse = Record<BoundName, number>;

/** Tables whose bound holds in each mode: the larger of the two is shown. */
const IN_EACH_MODE: Partial<Record<BoundName, { table: string; of?: string; where?: string }>> = {
  functions: { table: 'functions' },
  secret_tokens: { table: 'tokens', where: "kind = 'secret' and (expires_at is null or expires_at > now())" },
  limited_tokens: {
    table: 'tokens',
    where: "kind = 'limited' and (expires_at is null or expires_at > now())",
  },
  flows: { table: 'flows' },
  email_templates: { table: 'email_templates' },
  event_test_templates: { table: 'event_test_templates' },
  smtp_profiles: { table: 'smtp_profiles' },
  payment_profiles: { table: 'payment_profiles' },
  function_folders: { table: 'function_folders' },
  domains: { table: 'domains' },
  portals: { table: 'portals' },
  queries: { table: 'queries' },
  triggers: { table: 'triggers' },
  event_subscriptions: { table: 'event_subscriptions' },
  key_values: { table: 'key_values' },
  function_values: { table: 'function_values' },
  secrets: { table: 'account_secrets' },
  endpoints: { table: 'endpoints', where: 'retired_at is null' },
  idempotency_keys: { table: 'idempotency_keys' },
  files: { table: 'design_files' },
  file_bytes: { table: 'design_files', of: 'coalesce(sum(size_bytes), 0)::bigint' },
};

/** Of both modes together. */
const TOGETHER: Partial<Record<BoundName, string>> = {
  function_versions:
    'select coalesce(max(n), 0) from (select count(*) as n from versions where account_id = $1 group by function_id) as each',
  bundle_bytes: `select coalesce(sum(size_bytes), 0)::bigint
    from (select distinct bundle_hash, size_bytes from versions where account_id = $1) as bundles`,
  users: `select (select count(*) from users where account_id = $1)
    + (select count(*) from invitations where account_id = $1 and expires_at > now())`,
  event_types: 'select count(*) from event_types where account_id = $1',
  builds: "select count(*) from builds where account_id = $1 and status = 'building'",
  kept_bytes: `select coalesce(sum(bytes), 0)::bigint from account_bytes
    where account_id = $1 and day > current_date - $2::integer`,
  waiting_flow_runs: "select count(*) from flow_runs where account_id = $1 and status = 'going'",
  waiting_mails: "select count(*) from template_mails where account_id = $1 and status = 'queued'",
  mails_per_hour: `select coalesce(sum(recipients), 0)::bigint from account_mails
    where account_id = $1 and hour = date_trunc('hour', now())`,
  mails_per_day: `select coalesce(sum(recipients), 0)::bigint from account_mails
    where account_id = $1 and hour > now() - interval '24 hours'`,
  waiting_deliveries:
    "select count(*) from deliveries where account_id = $1 and status in ('queued', 'retry')",
};

const EVERY_USE = [
  ...Object.entries(IN_EACH_MODE).map(
    ([name, { table, of = 'count(*)', where = 'true' }]): [string, string] => [
      name,
      `select coalesce(max(n), 0) from (
       select ${of} as n from ${table} where account_id = $1 and ${where} group by mode) as each`,
    ],
  ),
  ...Object.entries(TOGETHER),
];

const STATEMENT = `select jsonb_build_object(${EVERY_USE.map(([name, count]) => `'${name}', (${count})`).join(', ')}) as used`;

/** @param keptDays how many days' bytes count */
export async function findAccountUse(sql: Sql, accountId: string, keptDays: number): Promise<AccountUse> {
  const [row] = await sql.query<{ used: AccountUse }>(STATEMENT, [accountId, keptDays]);
  return (row?.used ?? {}) as AccountUse;
}
