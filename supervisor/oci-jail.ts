// Starts a sandbox as an OCI container: hands the folders and walls that jail.ts has prepared to a runtime
// such as runc. Called by jail.ts; enter-oci.sh does what must be done inside the new namespaces.
//
//   setpriv, unshare (dies with the supervisor) -> runtime, first process of a pid namespace -> container
//
// So killing the runtime ends all of it, whatever kind it is, and nothing of its own books stays.
import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import type { Readable, Writable } from 'node:stream';
import type { JailParts, JailSite, ProcessEnd, SpawnedJail } from './jail.ts';
import type { JailContents, JailParams } from './jail-contents.ts';
import { ociConfig } from './oci-config.ts';
import type { OciSite } from './oci-site.ts';

/** @returns when all is staged and the runtime begins. @throws Error when it ended before */
export async function spawnContainer(
  site: JailSite & { oci: OciSite },
  params: JailParams,
  parts: JailParts,
): Promise<SpawnedJail> {
  const { contents, channels } = parts;
  const { bundle, layer, engine } = contents;
  if (bundle === null) throw new Error('a container has its code from the start');
  const child = spawn('setpriv', enterArguments(site, params.id, contents), {
    cwd: '/',
    env: { PATH: process.env.PATH ?? '/usr/sbin:/usr/bin:/sbin:/bin' },
    stdio: [
      ...(['ignore', channels.stdout, channels.stderr, channels.control] as const),
      ...(['pipe', bundle.descriptor, engine.descriptor, 'pipe'] as const),
      layer?.descriptor ?? 'ignore',
    ],
  });
  const ended = new Promise<ProcessEnd>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', reject);
  });
  const document = child.stdio[4] as Writable;
  // A script that ends before it has read the document is reported by the missing word.
  document.on('error', () => {});
  document.end(JSON.stringify(configOf(site, params, parts)));
  const runtimePid = await stagedPid(child);
  let isKilled = false;
  return {
    child,
    // The outermost process reports a killed runtime as a failed one.
    ended: ended.then((end) => (isKilled ? { code: null, signal: 'SIGKILL' } : end)),
    kill: () => {
      isKilled ||= killRuntime(child, runtimePid);
    },
  };
}

async function stagedPid(child: ChildProcess): Promise<number> {
  const said = child.stdio.at(7) as Readable;
  const { value } = await said[Symbol.asyncIterator]().next();
  said.destroy();
  const pid = Number(value);
  if (!Number.isInteger(pid) || hasEnded(child)) {
    throw new Error('the container ended while its folders were being staged');
  }
  return pid;
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

/**
 * The outermost process isn't killed: it ends by itself when the kernel has ended the whole namespace.
 * @returns whether there was something to kill
 */
function killRuntime(outermost: ChildProcess, runtimePid: number): boolean {
  if (hasEnded(outermost)) return false;
  try {
    return process.kill(runtimePid, 'SIGKILL');
  } catch (error) {
    // It has ended, and its end is on the way to us.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    return false;
  }
}

/** In the order that enter-oci.sh states. */
function enterArguments(
  site: JailSite & { oci: OciSite },
  id: string,
  { bundle, layer, engine }: JailContents,
): string[] {
  const { oci, stageDir } = site;
  // Mounted by the script, in the container's own mount namespace.
  const booksDir = path.join(stageDir, 'tmp');
  const unshare = ['unshare', '--mount', '--propagation', 'private', '--pid', '--fork', '--kill-child'];
  return [
    ...['--pdeathsig', 'KILL', ...unshare, 'sh', path.join(import.meta.dirname, 'enter-oci.sh')],
    ...[stageDir, bundle?.path ?? '', layer?.path ?? '', engine.path, site.homeDir, '--'],
    ...[oci.runtime, ...oci.options, '--root', path.join(booksDir, 'state'), 'run', ...oci.runOptions],
    ...['--bundle', booksDir, id],
  ];
}

function configOf(site: JailSite & { oci: OciSite }, params: JailParams, parts: JailParts): object {
  const { oci } = site;
  return ociConfig({
    folders: {
      stageDir: site.stageDir,
      etcDir: parts.contents.etcDir,
      system: site.system,
      rootDir: oci.rootDir,
    },
    runtime: { ...parts.contents.process, engine: parts.contents.engine },
    limits: params.limits,
    networkFile: parts.network.namespaceFile,
    uid: parts.network.uid,
    cgroupsPath: path.join(oci.cgroupsParent, params.id),
    countsSwap: oci.countsSwap,
    seccomp: oci.seccomp,
  });
}
