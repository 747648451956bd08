// Which folders the launcher may hand to the server's user: those that hold nothing but ours. A data dir that
// was named by mistake, a home say, must not change hands.
import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { StartError } from '../process/start-error.ts';

const DATA_DIR =
  /^(lock|master\.key.*|[0-9A-Za-z]+\.token|postgres(\.unfinished)?|pg|bundles|engines|run|tls|backup\.last|console\.link|lost\+found)$/;
const ENGINES_DIR = /^(\.|[0-9]+$|(dotnet|java)-[0-9.]+-[0-9a-f]{12}$|lost\+found$)/;
/** Segments of the write-ahead log, histories of timelines and labels of backups, packed. */
const WAL_ARCHIVE =
  /^([0-9A-F]{8}(\.history|[0-9A-F]{16}(\.partial|\.[0-9A-F]{8}\.backup)?)\.gz(\.part)?|lost\+found)$/;

/** @throws StartError when something in it is not Millrace's */
export function refuseForeignDataDir(folder: string): void {
  refuseForeign(folder, 'MILLRACE_DATA_DIR', DATA_DIR);
}

/** @throws StartError when something in it is not Millrace's */
export function refuseForeignEnginesDir(folder: string): void {
  refuseForeign(folder, 'MILLRACE_ENGINES_DIR', ENGINES_DIR);
}

/** @throws StartError when something in it is not Millrace's, or it can't be made */
export function makeWalArchive(folder: string | null): void {
  if (folder === null) return;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new StartError(`MILLRACE_WAL_ARCHIVE: ${(error as Error).message}`);
  }
  refuseForeign(folder, 'MILLRACE_WAL_ARCHIVE', WAL_ARCHIVE);
}

function refuseForeign(folder: string, setting: string, ours: RegExp): void {
  if (!existsSync(folder)) return;
  if (!statSync(folder).isDirectory()) throw new StartError(`${setting}: ${folder} is not a folder`);
  const foreign = readdirSync(folder).find((name) => !ours.test(name));
  if (foreign === undefined) return;
  throw new StartError(
    `${setting}: ${folder} holds ${foreign}, which is not Millrace's; name an empty or a new folder`,
  );
}
