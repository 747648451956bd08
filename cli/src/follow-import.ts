// Follows an import until nothing of it is on its way any more: packages are installed, endpoints are served,
// and the code behind each has been loaded. Calls no function: what a call does is the owner's to decide.
import { setTimeout as sleep } from 'node:timers/promises';
import { type Access, ask } from './ask-millrace.ts';
import { CliError } from './cli-error.ts';
import type { ImportReport } from './show-report.ts';

export type EndpointResult = {
  folder: string;
  path: string;
  methods: string[];
  url: string;
  answers: boolean;
  /** Why not; null: it answers. */
  why: string | null;
  advice: string | null;
};
export type FolderResult = {
  folder: string;
  /** Of its packages; null: it asks for none. */
  build: {
    status: 'succeeded' | 'failed' | 'unfinished';
    error: string | null;
    advice: string | null;
  } | null;
  problem: string | null;
  needs_deploy: boolean;
};
export type ImportResults = { folders: FolderResult[]; endpoints: EndpointResult[] };

type Progress = {
  settled: boolean;
  problem: string | null;
  needs_deploy: boolean;
  build: { status: 'going' | 'succeeded' | 'failed'; error: string | null; advice: string | null } | null;
};
type Probe = {
  answers: boolean;
  error: { type: string; message: string } | null;
  advice: string | null;
};
type Folder = ImportReport['folders'][number];

/** Packages that are compiled take minutes. */
const GIVE_UP_AFTER_MS = 900_000;
const LOOK_EVERY_MS = 500;
const SAY_EVERY_MS = 10_000;
/** Looks that may fail in a row: Millrace may be started again meanwhile. */
const MOST_FAILED_LOOKS = 40;

/** @param say what goes on, a line at a time @throws CliError where the token may not look */
export async function followImport(
  access: Access,
  folders: readonly Folder[],
  say: (line: string) => void,
): Promise<ImportResults> {
  const results: ImportResults = { folders: [], endpoints: [] };
  const giveUpAt = Date.now() + GIVE_UP_AFTER_MS;
  for (const folder of folders) {
    if (folder.urls.length === 0) continue;
    const found = await settle(access, folder, { giveUpAt, say });
    results.folders.push(found);
    for (const endpoint of folder.urls) {
      results.endpoints.push(await probe(access, { folder, found, endpoint }));
    }
  }
  return results;
}

type Waiting = { giveUpAt: number; say: (line: string) => void };

async function settle(access: Access, folder: Folder, { giveUpAt, say }: Waiting): Promise<FolderResult> {
  const startedAt = Date.now();
  let saidAt = startedAt;
  if (folder.build?.id != null) say(`Installing the packages of ${folder.folder} ...`);
  for (;;) {
    const progress = await look(access, folder.folder);
    if (progress.settled || Date.now() > giveUpAt) return resultOf(folder, progress);
    if (Date.now() - saidAt > SAY_EVERY_MS) {
      saidAt = Date.now();
      say(`  still at it (${folder.folder}, ${Math.round((saidAt - startedAt) / 1000)} s) ...`);
    }
    await sleep(LOOK_EVERY_MS);
  }
}

async function look(access: Access, folder: string): Promise<Progress> {
  for (let failed = 1; ; failed += 1) {
    try {
      return await ask(access, {
        method: 'GET',
        path: '/millrace/v1/import/hubspot/folder',
        query: { folder },
      });
    } catch (error) {
      if (!(error instanceof CliError) || error.exitStatus === 1) throw error;
      if (failed >= MOST_FAILED_LOOKS) throw error;
      await sleep(LOOK_EVERY_MS);
    }
  }
}

function resultOf(folder: Folder, { settled, problem, needs_deploy, build }: Progress): FolderResult {
  const refused = folder.build?.error ?? null;
  const started = build === null || folder.build === null ? null : build;
  return {
    folder: folder.folder,
    problem: settled ? problem : (problem ?? 'it takes longer than this command waits'),
    needs_deploy,
    build:
      refused !== null
        ? {
            status: 'failed',
            error: refused,
            advice: 'What to do: correct its package.json and import again.',
          }
        : started && { ...started, status: started.status === 'going' ? 'unfinished' : started.status },
  };
}

type Tried = { folder: Folder; found: FolderResult; endpoint: Folder['urls'][number] };

async function probe(access: Access, { folder, found, endpoint }: Tried): Promise<EndpointResult> {
  const { path, methods, new_url: url } = endpoint;
  const query = { folder: folder.folder, path };
  const { answers, error, advice } = await ask<Probe>(access, {
    ...{ method: 'POST', path: '/millrace/v1/import/hubspot/probe', query },
  });
  const failedBuild = found.build?.status === 'failed' ? found.build : null;
  // Code that lacks its packages is no news where they could not be installed.
  const why =
    error === null
      ? (found.problem ?? 'nothing is served at this path')
      : failedBuild === null
        ? `${error.type}: ${error.message.split('\n')[0]}`
        : 'its packages could not be installed: see above';
  return {
    ...{ folder: folder.folder, path, methods, url, answers },
    why: answers ? null : why,
    advice: answers || failedBuild !== null ? null : advice,
  };
}
