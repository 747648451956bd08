// What one jail holds, by what it is for: a function's code and packages, nothing yet (a blank), or npm,
// which builds packages. Pins what the server names; decides the process and the /etc. Called by jail.ts.
import path from 'node:path';
import { bundleDir, bundlesDir, layerDir } from '../contract/paths.ts';
import type { BuildParams, PrepareParams, StartParams } from '../contract/supervisor-requests.ts';
import { type BuildNetwork, openBuildNetwork } from './build-network.ts';
import type { JailSite } from './jail.ts';
import { builderProcess } from './jail-arguments.ts';
import { type JailEngine, jailEngine, ownNode, type RuntimeProcess, runtimeProcess } from './jail-engine.ts';
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
  const network = params.kind === 'build' ? await openBuildNetwork(site.builds, params.id) : null;
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
    const { npmDir } = site.builds;
    const [parent, name] = [path.dirname(npmDir), path.basename(npmDir)];
    return {
      bundle: named(parent, name, pin(parent, name, 'directory')),
      layer: null,
      engine: pinEngine(ownNode(site), pin),
      process: builderProcess(params),
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

function pinEngine(engine: JailEngine, pin: typeof pinPath): JailContents['engine'] {
  const { root, relative, kind } = engine.from;
  return { ...pin(root, relative, kind), ...engine };
}
