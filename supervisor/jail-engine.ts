// What of an engine a jail has: which file or folder of the machine it comes from, what of that appears
// where, how its process is started. Node is one file; of a Python that isn't the distribution's, no more
// appears than runs code. Pure but for looks at what is there. Called by jail-contents.ts; supervise asks for
// the places of all.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { dotnetEnvironment } from '../contract/dotnet-environment.ts';
import { findDotnet } from '../contract/dotnets.ts';
import { type EngineName, type Language, languageOf, nodeMajor, versionOf } from '../contract/engine-name.ts';
import { javaArguments } from '../contract/java-launch.ts';
import { findJava } from '../contract/javas.ts';
import type { MachineEngines } from '../contract/machine-engines.ts';
import {
  ALL_ROOTS_FILE,
  DOTNET_HOST,
  EXTRA_CA_FILE,
  engineBinary,
  JAVA_ROOTS_FILE,
  JAVA_RUNTIME,
  RUNTIME_ROOT,
  TASK_ROOT,
} from '../contract/paths.ts';
import { DISTRIBUTION, type FoundPython } from '../contract/pythons.ts';
import { runtimeLaunch } from '../contract/runtime-launch.ts';
import type { Reuse } from '../contract/sandbox.ts';

export type JailEngine = {
  /** What is pinned and staged: `root` and the path below it. */
  from: { root: string; relative: string; kind: 'directory' | 'file' };
  mounts: EngineMount[];
  /** Folders in what is mounted that are empty in the jail. */
  hidden: string[];
};

/** `below` the staged engine; empty: all of it. `at`: where the jail sees it. */
export type EngineMount = { below: string; at: string; kind: 'directory' | 'file' };

/** The file below the stage that an engine of one file is mounted on, and the folder for the others. */
export const STAGED_ENGINE = { file: 'engine-file', directory: 'engine-folder' } as const;

const NODE = `${RUNTIME_ROOT}/engine/node`;
const PYTHON = `${RUNTIME_ROOT}/engine/python`;
const DOTNET = `${RUNTIME_ROOT}/engine/dotnet`;
const JAVA = `${RUNTIME_ROOT}/engine/java`;
const PROVIDED_ENTRY = `${RUNTIME_ROOT}/runtimes/provided/bootstrap.cjs`;
const PYTHON_BUILDER = `${RUNTIME_ROOT}/runtimes/builder/build.py`;
const PYTHON_ENTRY = `${RUNTIME_ROOT}/runtimes/python/bootstrap.py`;

export type EngineSite = MachineEngines & {
  enginesDir: string;
  /** The Node that Millrace itself runs on. */
  builds: { node: string };
};

/** @throws Error when the machine hasn't got it */
export function jailEngine(site: EngineSite, engine: EngineName): JailEngine {
  return LANGUAGE[languageOf(engine)].engine(site, engine);
}

/** For what serves functions and runs none of their code in its process. */
export function ownNode({ builds: { node } }: Pick<EngineSite, 'builds'>): JailEngine {
  return nodeFile({ root: path.dirname(node), relative: path.basename(node) });
}

/** @param from where a Node binary lies */
export function nodeFile(from: { root: string; relative: string }): JailEngine {
  return { from: { ...from, kind: 'file' }, mounts: [{ below: '', at: NODE, kind: 'file' }], hidden: [] };
}

function findPython({ pythons }: Pick<EngineSite, 'pythons'>, engine: EngineName): FoundPython {
  const found = pythons.find(({ version }) => version === versionOf(engine));
  if (found === undefined) throw new Error(`there is no ${engine} on this machine`);
  return found;
}

export function pythonEngine({ prefix, binary, standardLibrary, sharedLibrary }: FoundPython): JailEngine {
  if (prefix === DISTRIBUTION) {
    const from = { root: prefix, relative: binary, kind: 'file' } as const;
    return { from, mounts: [{ below: '', at: path.join(PYTHON, binary), kind: 'file' }], hidden: [] };
  }
  const mount = (below: string, kind: EngineMount['kind']): EngineMount => {
    return { below, at: path.join(PYTHON, below), kind };
  };
  const packages = path.join(standardLibrary, 'site-packages');
  return {
    from: { root: path.dirname(prefix), relative: path.basename(prefix), kind: 'directory' },
    mounts: [
      mount(binary, 'file'),
      mount(standardLibrary, 'directory'),
      ...(sharedLibrary === null ? [] : [mount(sharedLibrary, 'file')]),
    ],
    // What is installed for other programs is none of a function's.
    hidden: existsSync(path.join(prefix, packages)) ? [path.join(PYTHON, packages)] : [],
  };
}

/**
 * @param folder below the engines folder, where the server has put together what a function needs and no more
 */
export function dotnetEngine(enginesDir: string, folder: string): JailEngine {
  return folderOf(enginesDir, folder, DOTNET);
}

/** The same of Java. */
export function javaEngine(enginesDir: string, folder: string): JailEngine {
  return folderOf(enginesDir, folder, JAVA);
}

function folderOf(enginesDir: string, folder: string, at: string): JailEngine {
  const from = { root: enginesDir, relative: folder, kind: 'directory' } as const;
  return { from, mounts: [{ below: '', at, kind: 'directory' }], hidden: [] };
}

/** A process inside a jail, as it is started. */
export type RuntimeProcess = {
  command: string[];
  environment: Record<string, string>;
  /** Where it starts; `/` if left out: most enter the function's folder themselves, once it is there. */
  directory?: string;
};

/** What of a jail's settings the runtime process depends on. */
export type RuntimeSpec = { engine: EngineName; limits: { memoryMb: number }; reuse?: Reuse | undefined };
export type RuntimeSite = MachineEngines & {
  hasExtraCaCerts: boolean;
  canFork?: boolean;
};

/** The runtime process and what it starts with; the user's own variables come over the control socket. */
export function runtimeProcess(spec: RuntimeSpec, site: RuntimeSite): RuntimeProcess {
  return LANGUAGE[languageOf(spec.engine)].process(spec, site);
}

/** What serves the program needs little: the function's memory is for the program. */
const PROVIDED_ARGUMENTS = ['--max-old-space-size=64', PROVIDED_ENTRY];

/**
 * Heap at four fifths of the memory: the garbage collector then works harder before the kernel has to kill,
 * and the rest is left to buffers, code and stacks.
 */
function nodeProcess({ limits, reuse = 'warm' }: RuntimeSpec, site: RuntimeSite): RuntimeProcess {
  const heapMb = Math.max(16, Math.floor(limits.memoryMb * 0.8));
  const runtimeDir = `${RUNTIME_ROOT}/runtimes/node`;
  const launch = runtimeLaunch({ runtimeDir, reuse, canFork: site.canFork === true, isJailed: true });
  return {
    command: [NODE, `--max-old-space-size=${heapMb}`, ...launch.args],
    environment: {
      ...launch.environment,
      ...(site.hasExtraCaCerts ? { NODE_EXTRA_CA_CERTS: EXTRA_CA_FILE } : {}),
    },
  };
}

function pythonProcess({ engine }: RuntimeSpec, site: RuntimeSite): RuntimeProcess {
  const { binary, sharedLibrary } = findPython(site, engine);
  const library = sharedLibrary === null ? null : path.join(PYTHON, path.dirname(sharedLibrary));
  return {
    // Without `site` no packages are found but the function's own; nothing compiled is written beside code.
    command: [path.join(PYTHON, binary), '-S', '-B', PYTHON_ENTRY],
    environment: library === null ? {} : { LD_LIBRARY_PATH: library },
  };
}

/** pip of that engine, in a build jail. It trusts the same roots as everything else here. */
export function pythonBuilderProcess(engine: EngineName, site: RuntimeSite): RuntimeProcess {
  const { command, environment } = pythonProcess({ engine, limits: { memoryMb: 0 } }, site);
  return {
    command: [...command.slice(0, -1), PYTHON_BUILDER, '/tmp'],
    environment: { ...environment, SSL_CERT_FILE: ALL_ROOTS_FILE },
  };
}

/**
 * Java can't go to another folder later, nor change the variables that child processes get: both are there
 * from the start.
 */
function javaProcess({ limits }: RuntimeSpec): RuntimeProcess {
  const runtime = path.join(JAVA, JAVA_RUNTIME);
  const launch = { memoryMb: limits.memoryMb, runtime, trustStore: JAVA_ROOTS_FILE };
  return {
    command: [path.join(JAVA, 'bin/java'), ...javaArguments(launch)],
    environment: { PATH: '/usr/local/bin:/usr/bin:/bin', HOME: '/tmp', LANG: 'en_US.UTF-8', TZ: ':UTC' },
    directory: TASK_ROOT,
  };
}

function dotnetProcess({ limits }: RuntimeSpec, site: RuntimeSite): RuntimeProcess {
  const environment = dotnetEnvironment({
    ...{ memoryMb: limits.memoryMb, hasIcu: site.dotnets.hasIcu },
    provided: { node: `${DOTNET}/node`, entry: PROVIDED_ENTRY },
  });
  return { command: [`${DOTNET}/dotnet`, `${DOTNET}/${DOTNET_HOST}`], environment };
}

type JailLanguage = {
  engine(site: EngineSite, engine: EngineName): JailEngine;
  process(spec: RuntimeSpec, site: RuntimeSite): RuntimeProcess;
};

const LANGUAGE: Record<Language, JailLanguage> = {
  node: {
    engine: ({ enginesDir: root }, engine) =>
      nodeFile({ root, relative: path.relative('/', engineBinary('/', nodeMajor(engine))) }),
    process: nodeProcess,
  },
  python: {
    engine: (site, engine) => pythonEngine(findPython(site, engine)),
    process: pythonProcess,
  },
  java: {
    engine: ({ enginesDir, javas }, engine) => javaEngine(enginesDir, findJava(engine, javas).folder),
    process: javaProcess,
  },
  dotnet: {
    engine: ({ enginesDir, dotnets }, engine) => dotnetEngine(enginesDir, findDotnet(engine, dotnets).folder),
    process: dotnetProcess,
  },
  provided: {
    engine: ownNode,
    process: () => ({ command: [NODE, ...PROVIDED_ARGUMENTS], environment: {} }),
  },
};
