// Deploys folders when they are due, and moves on the builds that wait for one: woken by every change
// (FOLDER_CHANNEL), and looking by itself now and then, so that what a node left when it was ended is
// finished by another, or by itself in its next life. Several nodes may do so at a time. Called by roles/.
import type { Logger } from 'pino';
import { startWakefulLoop, type WakefulLoop } from '../../../clock/wakeful-loop.ts';
import { Failure } from '../../../errors/failure.ts';
import type { Sql } from '../../../postgres/database.ts';
import { startClaimEngine } from '../../../queue/claim-engine.ts';
import { type ClaimedFolder, FOLDERS, finishFolder, postponeFolder } from '../catalog/folder-store.ts';
import type { FolderBuilds } from './folder-builds.ts';
import type { DeployFolder } from './folder-deployer.ts';
import type { UploadsInHand } from './uploads-in-hand.ts';

export type FolderWorker = {
  /** Something may be due soon. */
  wake(): void;
  /** Resolves when what is in hand is done. */
  stop(): Promise<void>;
};

type Parts = {
  sql: Sql;
  deploy: DeployFolder;
  builds: readonly Pick<FolderBuilds, 'sweep'>[];
  uploads: UploadsInHand;
  log: Logger;
};

const AT_ONCE = 2;
const UPLOAD_IN_HAND_MS = 200;
const PACKAGES_PENDING_MS = 1_000;
const AFTER_FAULT_MS = 5_000;
const TRY_AGAIN_MS = 60_000;
const LOOK_EVERY_MS = 5_000;
const LOOK_AGAIN_MS = 1_000;

export function startFolderWorker(parts: Parts): FolderWorker {
  const { sql, log } = parts;
  const moving = startMovingOn(parts);
  const engine = startClaimEngine({
    ...{ sql, table: FOLDERS, subject: 'folders', log, most: AT_ONCE, retentionDays: null },
    work: async (folder) => {
      await deployOne(parts, folder).catch((error: unknown) =>
        log.error({ err: error, folder: folder.path }, 'a folder’s state could not be written'),
      );
      moving.wake();
    },
  });
  return {
    wake: () => {
      moving.wake();
      engine.wake();
    },
    stop: async () => {
      await Promise.all([moving.stop(), engine.stop()]);
    },
  };
}

/** Builds go on when packages are made, or their folder is deployed. */
function startMovingOn({ builds, log }: Parts): WakefulLoop {
  const failed = (error: unknown): void => log.warn({ err: error }, 'builds could not be moved on');
  return startWakefulLoop({
    look: async () => {
      for (const kind of builds) await kind.sweep().catch(failed);
      return LOOK_EVERY_MS;
    },
    onError: failed,
    retryAfterMs: LOOK_AGAIN_MS,
  });
}

async function deployOne({ sql, deploy, uploads, log }: Parts, folder: ClaimedFolder): Promise<void> {
  if (uploads.has(folder, folder.path)) {
    return postponeFolder(sql, folder, { delayMs: UPLOAD_IN_HAND_MS, problem: null, wasTried: false });
  }
  try {
    const deployed = await deploy(folder);
    if (deployed.kind === 'done') return await finishFolder(sql, folder, deployed);
    if (deployed.kind === 'incomplete') {
      const { problem } = deployed;
      return await postponeFolder(sql, folder, { delayMs: TRY_AGAIN_MS, problem, wasTried: true });
    }
    const problem = 'its packages are being installed';
    await postponeFolder(sql, folder, { delayMs: PACKAGES_PENDING_MS, problem, wasTried: false });
  } catch (error) {
    if (error instanceof Failure && error.kind.fault === 'caller') {
      return await finishFolder(sql, folder, { problem: error.message, needsDeploy: false });
    }
    const { accountId: account, path } = folder;
    log.error({ err: error, account, folder: path }, 'a folder could not be deployed');
    const problem = 'it could not be deployed yet';
    await postponeFolder(sql, folder, { delayMs: AFTER_FAULT_MS, problem, wasTried: false });
  }
}
