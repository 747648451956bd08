// Keeps the code of every running sandbox on disk: a folder that is mounted into a jail would be empty there
// as soon as it is removed here. Wraps whatever starts sandboxes; knows nothing of how. Called by roles/.
import type { BundleCache } from './bundle-cache.ts';

/** What a sandbox driver does, as far as code on disk is concerned. */
type Starter<Spec, Process> = { start(spec: Spec): Promise<Process> };

/**
 * @param starter  its process's `exited` settles when nothing of the sandbox is left
 * @returns its `start`, bundle and layer being there from before the start until after the end
 */
export function keepMounted<
  Spec extends { bundleHash: string; layerHash: string | null },
  Process extends { exited: Promise<unknown> },
>(
  starter: Starter<Spec, Process>,
  bundles: Pick<BundleCache, 'hold' | 'ensure'>,
): (spec: Spec) => Promise<Process> {
  return async (spec) => {
    const hashes = [spec.bundleHash, spec.layerHash].filter((hash) => hash !== null);
    const holds = hashes.map((hash) => bundles.hold(hash));
    const letGo = (): void => {
      for (const release of holds) release();
    };
    try {
      // Held first: between an earlier look and this one it may have been removed.
      await Promise.all(hashes.map((hash) => bundles.ensure(hash)));
      const process = await starter.start(spec);
      void process.exited.finally(letGo);
      return process;
    } catch (error) {
      letGo();
      throw error;
    }
  };
}
