// Reads MILLRACE_QUERY_SOURCES: databases of the operator that queries may read. Pure; part of config.ts.
//
//   name=postgres://...            for the first account alone
//   name@AA0001+AB0002=mysql://... for those accounts
//   name@*=postgres://...          for every account

export type QueryDatabase = {
  name: string;
  kind: 'postgres' | 'mysql';
  /** With its password: never shown. */
  url: string;
  /** Ids; null: the first account alone; `*`: all. */
  accounts: string[] | '*' | null;
};

const RULE = 'must be name=postgres://… or name=mysql://…, or name@ACCOUNT+ACCOUNT=…';
const ENTRY = /^([a-z0-9][a-z0-9_-]{0,63})(?:@(\*|[0-9A-Za-z]+(?:\+[0-9A-Za-z]+)*))?=(.+)$/;

/** What is wrong goes into `problems`, without any part of an address: those hold passwords. */
export function parseQuerySources(entries: readonly string[], problems: string[]): QueryDatabase[] {
  const databases = entries.map(parseEntry);
  for (const [at, database] of databases.entries()) {
    if (database === null) problems.push(`MILLRACE_QUERY_SOURCES: entry ${at + 1} ${RULE}`);
  }
  const found = databases.filter((database) => database !== null);
  const names = found.map(({ name }) => name);
  const twice = names.find((name, at) => names.indexOf(name) < at);
  if (twice !== undefined) problems.push(`MILLRACE_QUERY_SOURCES: ${twice} is there twice`);
  return found;
}

function parseEntry(entry: string): QueryDatabase | null {
  const [, name = '', accounts, url = ''] = ENTRY.exec(entry) ?? [];
  const scheme = URL.canParse(url) ? new URL(url).protocol : '';
  const kind = /^postgres(ql)?:$/.test(scheme) ? 'postgres' : scheme === 'mysql:' ? 'mysql' : null;
  if (kind === null) return null;
  const allowed = accounts === undefined ? null : accounts === '*' ? '*' : accounts.split('+');
  return { name, kind, url, accounts: allowed };
}
