// `millrace import-hubspot`: sends a folder of HubSpot's serverless functions to Millrace, and prints what comes of it. What is decided about the folder is
// decided there (POST /millrace/v1/import/hubspot).
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { ZipFile } from 'yazl';
import { awaitEndpoints } from './await-endpoints.ts';
import { CliError } from './cli-error.ts';
import { type CollectedFile, collectFiles } from './collect-files.ts';
import { type ImportReport, tellReport } from './tell-report.ts';

export type ImportWish = {
  folder: string;
  server: string;
  token: string;
  /** Empty: as the folder is. */
  dest: string;
  isDryRun: boolean;
  asJson: boolean;
};

/** @throws CliError */
export async function importHubspot(wish: ImportWish): Promise<void> {
  const files = collectFiles(wish.folder);
  const report = await send(wish, await zip(files));
  console.log(wish.asJson ? JSON.stringify(report, null, 2) : tellReport(report));
  if (!wish.isDryRun) await tellWhenLive(wish, report);
  if (report.folders.some(({ problems }) => problems.length > 0)) process.exitCode = 1;
}

/** Endpoints whose packages are not there yet are live a little later: whoever tries one at once would think that it was lost. */
async function tellWhenLive(wish: ImportWish, report: ImportReport): Promise<void> {
  const wanted = report.folders.flatMap(({ endpoints }) =>
    endpoints.filter(({ has_file }) => has_file).map(({ path }) => path),
  );
  const missing = await awaitEndpoints(wish, wanted);
  if (missing.length > 0) {
    const why = 'what keeps them is shown before every command of hs';
    throw new CliError('not_live', `moved in, but not live yet: ${missing.join(', ')}; ${why}`, 2);
  }
  if (!wish.asJson) console.log(`All ${wanted.length} endpoints are live.`);
}

function zip(files: readonly CollectedFile[]): Promise<Buffer> {
  const archive = new ZipFile();
  for (const { name, content } of files) archive.addBuffer(content, name);
  archive.end();
  return buffer(archive.outputStream);
}

async function send(wish: ImportWish, body: Buffer): Promise<ImportReport> {
  const url = importUrl(wish);
  let answer: Response;
  try {
    answer = await fetch(url, {
      method: 'POST',
      headers: { authorization: `Bearer ${wish.token}`, 'content-type': 'application/zip' },
      body: new Uint8Array(body),
    });
  } catch (error) {
    const cause = (error as { cause?: unknown }).cause;
    throw new CliError(
      'unreachable',
      `${url.origin} can't be reached (${cause ?? error}): is --server right?`,
      2,
    );
  }
  const text = await answer.text();
  if (answer.ok) return JSON.parse(text) as ImportReport;
  throw refusal(answer.status, text);
}

/** A folder that is itself a `.functions` folder keeps its name. */
function importUrl({ server, folder, dest, isDryRun }: ImportWish): URL {
  if (!URL.canParse(server)) throw new CliError('usage', `--server: ${server} is not an address`);
  const url = new URL(`${server.replace(/\/+$/, '')}/millrace/v1/import/hubspot`);
  const name = path.basename(path.resolve(folder));
  const into = dest === '' && name.endsWith('.functions') ? name : dest;
  if (into !== '') url.searchParams.set('dest', into);
  if (isDryRun) url.searchParams.set('dry_run', 'true');
  return url;
}

function refusal(status: number, text: string): CliError {
  const exitStatus = status >= 500 ? 2 : 1;
  try {
    const { error } = JSON.parse(text) as { error: { code: string; message: string } };
    return new CliError(error.code, error.message, exitStatus);
  } catch {
    return new CliError('refused', `status ${status}: ${text.slice(0, 200)}`, exitStatus);
  }
}
