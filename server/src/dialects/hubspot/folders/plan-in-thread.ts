// Plans a folder, and looks whether its code loads packages: a small folder at once, a large one in a thread,
// because a package.json and code of many megabytes take seconds to be parsed and searched. Called by
// folder-deployer.ts and project-checks.ts.
import { jobOf } from '../../../threads/job.ts';
import type { Threads } from '../../../threads/thread-pool.ts';
import { type FolderFile, type FolderReading, planFolder } from './folder-plan.ts';
import { requiresPackages } from './preloaded-packages.ts';

export type Planned = { reading: FolderReading; requiresPackages: boolean };

/** Folders up to this size are planned within some milliseconds. */
const SMALL_BYTES = 128 * 1024;
const PLANNED_FILE = /\.([cm]?js|json)$/;

const JOB = jobOf(import.meta.url, planInThread);

export async function planLargeFolder(
  threads: Threads,
  accountId: string,
  files: readonly FolderFile[],
): Promise<Planned> {
  const bytes = files.reduce((sum, { content }) => sum + content.length, 0);
  if (bytes <= SMALL_BYTES) return plan(files);
  // What else lies there is only there.
  const looked = files.map(({ name, content }) => ({
    name,
    content: PLANNED_FILE.test(name) ? content : Buffer.alloc(0),
  }));
  const { reading, ...rest } = await threads.run(JOB, accountId, looked);
  if (reading.kind === 'broken') return { reading, ...rest };
  const added = reading.plan.code.map(({ name, content }) => ({ name, content: asBuffer(content) }));
  // Without endpoints nothing of it is called.
  const code = reading.plan.endpoints.length === 0 ? added : [...files, ...added];
  return { reading: { kind: 'plan', plan: { ...reading.plan, code } }, ...rest };
}

function plan(files: readonly FolderFile[]): Planned {
  const reading = planFolder(files);
  return { reading, requiresPackages: reading.kind === 'plan' && requiresPackages(reading.plan.code) };
}

/**
 * Runs in the thread, where bytes arrive as a plain Uint8Array. Of the code it hands back only what it has
 * added to the files.
 */
export function planInThread(files: readonly FolderFile[]): Planned {
  const planned = plan(files.map(({ name, content }) => ({ name, content: asBuffer(content) })));
  const { reading } = planned;
  if (reading.kind === 'broken') return planned;
  const code = reading.plan.code.slice(files.length);
  return { ...planned, reading: { kind: 'plan', plan: { ...reading.plan, code } } };
}

/** Bytes cross as a plain Uint8Array. */
function asBuffer({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}
