// Deploys folders when they are due: woken by every change (FOLDER_CHANNEL), and looking by itself now and
// then, so that what a node left when it was ended is finished by another, or by itself in its next life.
// Several nodes may do so at a time.
import type { Logger } from 'pino';
import { startWakefulLoop } from '../../../clock/wakeful-loop.ts';
import { Failure } from '../../../errors/failure.ts';
import type { Sql } from '../../../postgres/database.ts';
import {
  type ClaimedFolder,
  claimFolder,
  finishFolder,
  nextFolderDueInMs,
  postponeFolder,
} from '../catalog/folder-store.ts';
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

const LOOK_EVERY_MS = 5_000;
const AT_ONCE = 2;
const UPLOAD_IN_HAND_MS = 200;
const PACKAGES_PENDING_MS = 1_000;
const AFTER_FAULT_MS = 5_000;
const LOOK_AGAIN_MS = 1_000;
const TRY_AGAIN_MS = 60_000;

export function startFolderWorker(parts: Parts): FolderWorker {
  const { sql, builds, log } = parts;
  const inHand = new Set<Promise<void>>();

  function begin(folder: ClaimedFolder): void {
    const work: Promise<void> = deployOne(parts, folder)
      .catch((error: unknown) =>
        log.error({ err: error, folder: folder.path }, 'a folder’s state could not be written'),
      )
      .finally(() => {
        inHand.delete(work);
        loop.wake();
      });
    inHand.add(work);
  }

  /** @returns how long nothing is to be done. ms */
  async function look(isStopped: () => boolean): Promise<number> {
    for (const kind of builds) {
      await kind.sweep().catch((error: unknown) => log.warn({ err: error }, 'builds could not be moved on'));
    }
    while (!isStopped() && inHand.size < AT_ONCE) {
      const folder = await claimFolder(sql);
      if (folder === null) break;
      begin(folder);
    }
    if (inHand.size >= AT_ONCE) return LOOK_EVERY_MS;
    const dueInMs = await nextFolderDueInMs(sql);
    return dueInMs === null ? LOOK_EVERY_MS : Math.min(LOOK_EVERY_MS, Math.max(10, dueInMs + 5));
  }

  const loop = startWakefulLoop({
    look,
    onError: (error) => log.warn({ err: error }, 'folders that are due could not be read'),
    retryAfterMs: LOOK_AGAIN_MS,
  });
  return {
    wake: loop.wake,
    async stop() {
      await loop.stop();
      await Promise.all(inHand);
    },
  };
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
