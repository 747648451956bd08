// `millrace import-hubspot`: sends a folder of HubSpot's serverless functions to Millrace, waits until it is
// live, and prints what has come of it. What is decided about the folder is decided there (POST
// /millrace/v1/import/hubspot).
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { ZipFile } from 'yazl';
import { ask } from './ask-millrace.ts';
import { CliError } from './cli-error.ts';
import { type CollectedFile, collectFiles, isInsideOfFunctions } from './collect-files.ts';
import { followImport } from './follow-import.ts';
import { type ImportReport, type Server, showReport } from './show-report.ts';
import { showResults } from './show-results.ts';

export type ImportRequest = {
  folder: string;
  server: string;
  token: string;
  /** Empty: the folder's own name. */
  dest: string;
  isDryRun: boolean;
  asJson: boolean;
  /** Nothing but what this server needs in front of the site is printed, and nothing is done. */
  snippet: Server | null;
};

/** @throws CliError */
export async function importHubspot(wanted: ImportRequest): Promise<void> {
  const dest = destinationOf(wanted);
  const zipped = await zip(collectFiles(wanted.folder));
  const report = await ask<ImportReport>(wanted, {
    ...{ method: 'POST', path: '/millrace/v1/import/hubspot', zip: zipped },
    query: { ...(dest === '' ? {} : { dest }), ...(wanted.isDryRun ? { dry_run: 'true' } : {}) },
  });
  if (wanted.snippet !== null) {
    console.log(report.routing[wanted.snippet]);
    return;
  }
  const say = (text: string): void => {
    if (!wanted.asJson) console.log(text);
  };
  say(showReport(report, { folder: wanted.folder, dest }));
  const results = wanted.isDryRun ? null : await followImport(wanted, report.folders, say);
  if (results !== null) say(showResults(results, report));
  if (wanted.asJson) console.log(JSON.stringify(results === null ? report : { ...report, results }, null, 2));
  const hasProblems = report.folders.some(({ problems }) => problems.length > 0);
  const isLive = results?.endpoints.every(({ answers }) => answers) ?? true;
  const isBuilt =
    results?.folders.every(({ build }) => build === null || build.status === 'succeeded') ?? true;
  if (hasProblems || !isLive || !isBuilt) process.exitCode = 1;
}

/** Where `hs cms upload <folder> <its name>` would put it, too. @throws CliError `usage` */
function destinationOf({ folder, dest }: ImportRequest): string {
  const name = path.basename(path.resolve(folder));
  const into = dest === '' ? name : dest.replace(/^\/+|\/+$/g, '');
  if (isInsideOfFunctions(folder) && !into.endsWith('.functions')) {
    const example = `--dest ${name === '' ? 'my-theme/api' : name}.functions`;
    throw new CliError(
      'usage',
      `${folder} is the inside of a .functions folder: name the folder, e.g. ${example}`,
    );
  }
  return into;
}

function zip(files: readonly CollectedFile[]): Promise<Buffer> {
  const archive = new ZipFile();
  for (const { name, content } of files) archive.addBuffer(content, name);
  archive.end();
  return buffer(archive.outputStream);
}
