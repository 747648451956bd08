// What one jail holds, by what it is for: a function's code and packages, nothing yet (a blank), or npm,
// which builds packages. Pins what the server names; decides the process and the /etc. Called by jail.ts.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { bundleDir, bundlesDir, layerDir } from '../contract/paths.ts';
import type { BuildParams, PrepareParams, StartParams } from '../contract/supervisor-requests.ts';
import { type BuildNetwork, openBuildNetwork, type PackageSource } from './build-network.ts';
import type { JailSite } from './jail.ts';
import { builderProcess } from './jail-arguments.ts';
import {
  type JailEngine,
  jailEngine,
  ownNode,
  pythonBuilderProcess,
  type RuntimeProcess,
  runtimeProcess,
} from './jail-engine.ts';
import { type PinnedPath, pinPath } from './pinned-path.ts';

export type JailParams =
  | ({ kind: 'function' } & StartParams)
  | ({ kind: 'blank' } & PrepareParams)
  | ({ kind: 'build' } & BuildParams);

export type JailContents = {
  /** null: a blank jail. `parent` and `name` make its path. */
  bundle: (PinnedPath & { parent: string; name: string }) | null;
  layer: PinnedPath | null;
  engine: PinnedPath & JailEngine;
  process: RuntimeProcess;
  etcDir: string;
  /** What a build reaches in place of the usual; null: the usual. */
  network: BuildNetwork | null;
  /** Lets go of what is pinned: once the jail stands, it has its own hold. */
  unpin(): void;
  /** Removes what was made for this jail alone. */
  remove(): void;
};

/** @throws Error when something isn't there, or is or leads through a symbolic link */
export async function gatherContents(site: JailSite, params: JailParams): Promise<JailContents> {
  const network =
    params.kind === 'build' ? await openBuildNetwork(site.builds, sourceOf(site, params), params.id) : null;
  const pins: PinnedPath[] = [];
  const pin = (...what: Parameters<typeof pinPath>): PinnedPath => {
    const pinned = pinPath(...what);
    pins.push(pinned);
    return pinned;
  };
  const unpin = (): void => {
    for (const pinned of pins.splice(0)) pinned.close();
  };
  const remove = (): void => network?.remove();
  try {
    return {
      ...pinContents(site, params, pin),
      ...{ network, unpin, remove, etcDir: network?.etcDir ?? site.etcDir },
    };
  } catch (error) {
    unpin();
    remove();
    throw error;
  }
}

type Pinned = Pick<JailContents, 'bundle' | 'layer' | 'engine' | 'process'>;

function pinContents(site: JailSite, params: JailParams, pin: typeof pinPath): Pinned {
  const named = (parent: string, name: string, pinned: PinnedPath) => ({ ...pinned, parent, name });
  if (params.kind === 'build') {
    const installer = installerDir(site, params);
    const [parent, name] = [path.dirname(installer), path.basename(installer)];
    return {
      bundle: named(parent, name, pin(parent, name, 'directory')),
      layer: null,
      ...(params.python === null
        ? { engine: pinEngine(ownNode(site), pin), process: builderProcess(params) }
        : {
            engine: pinEngine(jailEngine(site, params.python), pin),
            process: pythonBuilderProcess(params.python, site),
          }),
    };
  }
  const inside = (place: string): string => path.relative('/', place);
  const engine = pinEngine(jailEngine(site, params.engine), pin);
  const process = runtimeProcess(params, site);
  if (params.kind === 'blank') return { bundle: null, layer: null, engine, process };
  const { bundleHash, layerHash } = params;
  const bundle = pin(site.dataDir, inside(bundleDir('/', bundleHash)), 'directory');
  return {
    bundle: named(bundlesDir(site.dataDir), bundleHash, bundle),
    layer: layerHash === null ? null : pin(site.dataDir, inside(layerDir('/', layerHash)), 'directory'),
    ...{ engine, process },
  };
}

/** What a distribution's Python has its pip in, apart from it. */
const PYTHON_WHEELS = '/usr/share/python-wheels';

/** What installs; a Python with a pip of its own is given npm, as a folder must be there. */
function installerDir({ builds: { npmDir } }: JailSite, { python }: BuildParams): string {
  return python !== null && existsSync(PYTHON_WHEELS) ? PYTHON_WHEELS : npmDir;
}

function sourceOf({ builds }: JailSite, { python }: BuildParams): PackageSource {
  return python === null ? builds.registry : builds.pythonIndex;
}

function pinEngine(engine: JailEngine, pin: typeof pinPath): JailContents['engine'] {
  const { root, relative, kind } = engine.from;
  return { ...pin(root, relative, kind), ...engine };
}
