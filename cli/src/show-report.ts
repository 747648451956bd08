// The report of a move, for people. Pure. Its members are those of POST /millrace/v1/import/hubspot.

/** What may stand in front of a site. */
export const SERVERS = ['nginx', 'caddy', 'cloudflare'] as const;
export type Server = (typeof SERVERS)[number];

export type ImportReport = {
  dry_run: boolean;
  folders: {
    folder: string;
    files: number;
    declared_runtime: string | null;
    runtime: string;
    secrets: string[];
    packages: { preloaded: string[]; declared: string[]; missing: string[] };
    problems: string[];
    differences: string[];
    endpoints: { path: string; has_file: boolean }[];
    /** Of its packages; null: it asks for none, or nothing was done. */
    build: { id: number | null; error: string | null } | null;
    urls: { path: string; methods: string[]; old_url: string; new_url: string }[];
  }[];
  secrets_missing: string[];
  remarks: string[];
  mentions: { file: string; line: number; text: string }[];
  routing: Record<Server, string>;
  cli_variables: Record<string, string> | null;
};

/** @param place what was imported, and where it has come to lie */
export function showReport(report: ImportReport, place: { folder: string; dest: string }): string {
  return [
    ...report.folders.flatMap(notifyFolder),
    ...section('Not taken along:', report.remarks),
    ...section(
      'Secrets without a value yet (hsm secret add <name>; CLI 7 and older: hsm secrets add):',
      report.secrets_missing,
    ),
    ...section('Old and new addresses:', showUrls(report)),
    ...section(
      'Pages and scripts that call endpoints:',
      report.mentions.map(({ file, line, text }) => `${file}:${line}  ${text}`),
    ),
    ...notePlace(place, report.cli_variables),
    'To keep the addresses, send them to Millrace from the server in front of your site.',
    ...Object.entries(report.routing).flatMap(([name, snippet]) => ['', `${name}:`, '', indent(snippet)]),
    '',
    report.dry_run ? 'Nothing was changed: this was a dry run.' : 'The files are in.',
  ].join('\n');
}

/** HubSpot's own command leads to the same place, and touches no configuration of its user's. */
function notePlace(
  { folder, dest }: { folder: string; dest: string },
  variables: ImportReport['cli_variables'],
): string[] {
  const to = dest === '' ? '/' : dest;
  if (variables === null)
    return section(`It goes to ${to}.`, ["HubSpot's CLI needs HTTPS: set MILLRACE_TLS_PORT."]);
  const given = Object.entries(variables).map(([name, value]) => `  ${name}='${value}' \\`);
  return section(`It goes to ${to}. Later changes get there by HubSpot's CLI:`, [
    'hsm() {',
    ...given,
    '  hs "$@" --use-env',
    '}',
    `hsm cms upload ${folder} ${to}    (CLI 7 and older: hsm upload)`,
    'hsm reads nothing that you have configured for HubSpot; hs goes on speaking to HubSpot.',
  ]);
}

function notifyFolder(folder: ImportReport['folders'][number]): string[] {
  const { declared_runtime: declared, runtime, packages } = folder;
  const facts = [
    `${folder.files} files, ${folder.urls.length} endpoints, on ${runtime}${declared === null || declared === runtime ? '' : ` (was ${declared})`}`,
    ...(folder.secrets.length === 0 ? [] : [`secrets: ${folder.secrets.join(', ')}`]),
    ...listed('preloaded packages', packages.preloaded),
    ...listed('packages of its own', packages.declared),
    ...folder.problems.map((problem) => `PROBLEM: ${problem}`),
    ...folder.differences.map((difference) => `differs: ${difference}`),
  ];
  return section(folder.folder, facts);
}

function listed(what: string, names: readonly string[]): string[] {
  return names.length === 0 ? [] : [`${what}: ${names.join(', ')}`];
}

function showUrls({ folders }: ImportReport): string[] {
  const urls = folders.flatMap((folder) => folder.urls);
  const width = Math.max(0, ...urls.map(({ methods }) => methods.join(',').length));
  return urls.flatMap(({ methods, old_url, new_url }) => [
    `${methods.join(',').padEnd(width)}  ${old_url}`,
    `${' '.repeat(width)}  ${new_url}`,
  ]);
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [title, ...lines.map((line) => `  ${line}`), ''];
}

function indent(text: string): string {
  return text
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n');
}
