// Folders as the server's user sees them. They may be unable to reach the ones that the program and its data
// lie in (a clone below /root, say): they are bound to places that they can reach, in a mount namespace of
// the server alone.
import {
  accessSync,
  chmodSync,
  chownSync,
  constants,
  lchownSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  statSync,
} from 'node:fs';
import path from 'node:path';
import { homeDir, installationName, serverRunDir } from '../contract/paths.ts';
import { StartError } from '../process/start-error.ts';
import type { Config } from '../server/src/config/config.ts';
import type { ServerUser } from './server-user.ts';

export type Places = {
  installation: string;
  /** Folder of the mount points; to be removed at the end. */
  run: string;
  app: string;
  data: string;
  engines: string;
  /** Archive of the write-ahead log; empty where there is none. */
  wal: string;
  /** The Node that runs the server. */
  node: string;
  /** [what, where] */
  binds: [string, string][];
};

/**
 * Files that stand for all others of their kind: whether the server's user may read what was cloned and
 * installed.
 */
const SAMPLES = ['server/src/main.ts', 'contract/frames.cjs', 'node_modules/fastify/package.json'];

/** Makes the mount points, and hands the data dir to the user. @throws StartError */
export function preparePlaces(config: Config, user: ServerUser): Places {
  const home = realpathSync(homeDir());
  refuseUnreadable(home);
  const installation = installationName(config.dataDir);
  const run = serverRunDir(installation);
  const app = path.join(run, 'app');
  const data = path.join(run, 'data');
  const binds: [string, string][] = [
    [home, app],
    [config.dataDir, data],
  ];
  mkdirSync(config.enginesDir, { recursive: true });
  giveTo(user, config.dataDir);
  giveFolder(user, config.enginesDir);
  chmodSync(config.dataDir, 0o700);
  // Inside the data dir it comes along. It is the server's to change there: root binds nothing that it could
  // exchange.
  let engines = path.join(data, path.relative(config.dataDir, config.enginesDir));
  if (!engines.startsWith(`${data}/`)) {
    engines = path.join(run, 'engines');
    giveTo(user, config.enginesDir);
    binds.push([config.enginesDir, engines]);
  }
  let wal = '';
  if (config.walArchive !== null) {
    wal = path.join(run, 'wal');
    giveTo(user, config.walArchive);
    binds.push([config.walArchive, wal]);
  }
  for (const [, place] of binds) mkdirSync(place, { recursive: true });
  return { installation, run, app, data, engines, wal, node: nodeOf(home, app), binds };
}

/** The Node that runs us, as one sees it who has `home` at `app`. */
export function nodeOf(home: string, app: string): string {
  const node = realpathSync(process.execPath);
  return node.startsWith(`${home}/`) ? path.join(app, path.relative(home, node)) : node;
}

function refuseUnreadable(home: string): void {
  for (const sample of SAMPLES) {
    const file = path.join(home, sample);
    try {
      accessSync(file, constants.R_OK);
    } catch {
      // A package that npm has put elsewhere.
      continue;
    }
    if ((statSync(file).mode & 0o004) === 0) {
      throw new StartError(
        `the server runs as the user millrace, who may not read ${file}: chmod -R o+rX ${home}, then start again`,
      );
    }
  }
}

/**
 * Hands over a folder that root has just made in one that is the user's already; what is in it, if anything
 * is, isn't root's.
 */
function giveFolder(user: ServerUser, folder: string): void {
  const found = lstatSync(folder);
  if (found.isDirectory() && found.uid === 0) lchownSync(folder, user.uid, user.gid);
}

/** Hands a folder with what is in it to the user; a tree that is theirs already costs one look. */
function giveTo(user: ServerUser, folder: string): void {
  if (lstatSync(folder).uid === user.uid) return;
  const own = (entry: string): void => {
    const found = lstatSync(entry);
    if (found.isSymbolicLink()) return;
    if (found.isDirectory()) for (const name of readdirSync(entry)) own(path.join(entry, name));
    chownSync(entry, user.uid, user.gid);
  };
  own(folder);
}
