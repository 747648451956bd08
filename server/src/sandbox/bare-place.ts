// Where code and its layer lie for a sandbox without walls, which can mount nothing: the code's files,
// hard-linked, beside a link to the packages, so that Node finds them as it does in a jail. Called by
// bare-driver.ts.
import { cp, link, mkdir, mkdtemp, readdir, rename, rm, symlink } from 'node:fs/promises';
import path from 'node:path';
import { bareDir, bundleDir, layerDir } from '../../../contract/paths.ts';

type Code = { bundleHash: string; layerHash: string | null };

/** @returns the folder of the code: what /var/task is in a jail */
export async function barePlace(dataDir: string, { bundleHash, layerHash }: Code): Promise<string> {
  const code = bundleDir(dataDir, bundleHash);
  if (layerHash === null) return code;
  const place = path.join(bareDir(dataDir), `${bundleHash}-${layerHash}`);
  await mkdir(bareDir(dataDir), { recursive: true });
  const made = await mkdtemp(`${place}-`);
  await linkTree(code, path.join(made, 'task'));
  await symlink(layerDir(dataDir, layerHash), path.join(made, 'node_modules'));
  await rename(made, place).catch((error: NodeJS.ErrnoException) => {
    // Another instance of the same was quicker.
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    return rm(made, { recursive: true, force: true });
  });
  return path.join(place, 'task');
}

async function linkTree(from: string, to: string): Promise<void> {
  await mkdir(to);
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [path.join(from, entry.name), path.join(to, entry.name)];
    if (entry.isDirectory()) await linkTree(source, target);
    else if (entry.isSymbolicLink()) await cp(source, target, { verbatimSymlinks: true });
    else await link(source, target);
  }
}
