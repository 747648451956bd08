// How many things an account may have, or have waiting: a name, what an account gets that has nothing of its
// own, and what is counted. Data alone; docs/limits.md lists the same names, and a test compares the two
// (server/test/limits). Who holds to them: the database for what an account has (server/sql,
// hold_account_bound), queue/waiting-depth.ts for what waits, limits/kept-bytes.ts for bytes,
// versions/deployment.ts for versions, and the rest where it is made, by boundOf.
import type { Limits } from './limits.ts';
import type { SettingReader } from './setting-reader.ts';

type Bound = {
  /** A number, or that of a setting. */
  usual: number | keyof Limits;
  /**
   * `has`: in each mode, refused with 409 `conflict`; `waits`: over both modes, refused with 429
   * `too_many_runs`; `keeps`: the newest so many stay, nobody is refused; `asked`: refused by the code that
   * makes it, in its own words; `paces`: over both modes, what is beyond waits.
   */
  way: 'has' | 'waits' | 'keeps' | 'asked' | 'paces';
  /** As in "the account has 5 flows". */
  noun: string;
};

export const ACCOUNT_BOUNDS = {
  functions: { usual: 5_000, way: 'has', noun: 'functions' },
  function_versions: { usual: 50, way: 'keeps', noun: 'versions of a function' },
  bundle_bytes: { usual: 20 * 1024 * 1024 * 1024, way: 'has', noun: 'bytes of code' },
  secret_tokens: { usual: 1_000, way: 'has', noun: 'secret tokens' },
  limited_tokens: { usual: 100_000, way: 'has', noun: 'limited tokens' },
  flows: { usual: 1_000, way: 'has', noun: 'flows' },
  email_templates: { usual: 1_000, way: 'has', noun: 'e-mail templates' },
  event_test_templates: { usual: 1_000, way: 'has', noun: 'event test templates' },
  smtp_profiles: { usual: 100, way: 'has', noun: 'SMTP profiles' },
  payment_profiles: { usual: 200, way: 'has', noun: 'payment profiles' },
  function_folders: { usual: 1_000, way: 'has', noun: 'function folders' },
  domains: { usual: 1_000, way: 'has', noun: 'domains' },
  portals: { usual: 100, way: 'has', noun: 'portals' },
  users: { usual: 500, way: 'has', noun: 'users' },
  queries: { usual: 'queriesPerAccount', way: 'asked', noun: 'queries' },
  triggers: { usual: 'triggersPerAccount', way: 'asked', noun: 'triggers' },
  event_subscriptions: { usual: 'subscriptionsPerAccount', way: 'asked', noun: 'event subscriptions' },
  event_types: { usual: 'eventTypesPerAccount', way: 'asked', noun: 'event types' },
  key_values: { usual: 'keyValuesPerAccount', way: 'asked', noun: 'key values' },
  function_values: { usual: 'functionValuesPerAccount', way: 'asked', noun: 'function values' },
  secrets: { usual: 'secretsPerAccount', way: 'asked', noun: 'secrets' },
  endpoints: { usual: 'endpointsPerAccount', way: 'asked', noun: 'endpoints' },
  files: { usual: 'filesPerAccount', way: 'asked', noun: 'files' },
  file_bytes: { usual: 'fileBytesPerAccount', way: 'asked', noun: 'bytes of files' },
  idempotency_keys: { usual: 10_000, way: 'has', noun: 'idempotency keys of a day' },
  builds: { usual: 'buildsPerAccount', way: 'asked', noun: 'builds waiting' },
  kept_bytes: { usual: 100 * 1024 * 1024 * 1024, way: 'waits', noun: 'bytes of events, inputs and logs' },
  waiting_flow_runs: { usual: 250_000, way: 'waits', noun: 'flow runs going on' },
  waiting_mails: { usual: 100_000, way: 'waits', noun: 'mails waiting' },
  mails_per_hour: { usual: 500, way: 'paces', noun: 'mails an hour' },
  mails_per_day: { usual: 2_000, way: 'paces', noun: 'mails a day' },
  waiting_deliveries: { usual: 250_000, way: 'waits', noun: 'deliveries waiting' },
} as const satisfies Record<string, Bound>;

export type BoundName = keyof typeof ACCOUNT_BOUNDS;
export type AccountBounds = Readonly<Record<BoundName, number>>;

export const BOUND_NAMES = Object.keys(ACCOUNT_BOUNDS) as readonly BoundName[];
export const MOST_OF_A_BOUND = 1_000_000_000_000_000;
export const BOUND_SETTING_NAMES = ['MILLRACE_ACCOUNT_BOUNDS'];

export function isBoundName(name: string): name is BoundName {
  return Object.hasOwn(ACCOUNT_BOUNDS, name);
}

/** Those that the operator has set. */
export type SetBounds = ReadonlyMap<BoundName, number>;

/** Of an account that has none of its own. */
export function usualBounds(set: SetBounds, limits: Limits): AccountBounds {
  const usual = ({ usual: number }: Bound): number => (typeof number === 'string' ? limits[number] : number);
  const bounds = BOUND_NAMES.map((name) => [name, set.get(name) ?? usual(ACCOUNT_BOUNDS[name])]);
  return Object.fromEntries(bounds) as Record<BoundName, number>;
}

/** `name=number` between commas. */
export function parseAccountBounds({ list }: Pick<SettingReader, 'list'>, problems: string[]): SetBounds {
  const bounds = new Map<BoundName, number>();
  for (const entry of list('MILLRACE_ACCOUNT_BOUNDS')) {
    const [, name = '', digits = ''] = /^([a-z_]+)=([0-9]+)$/.exec(entry) ?? [];
    if (isBoundName(name) && Number(digits) <= MOST_OF_A_BOUND) bounds.set(name, Number(digits));
    else
      problems.push(
        `MILLRACE_ACCOUNT_BOUNDS must hold entries such as flows=2000, of the names in docs/limits.md, not ${JSON.stringify(entry)}`,
      );
  }
  return bounds;
}
