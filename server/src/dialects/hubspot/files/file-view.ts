// How files and folders look to HubSpot's CLI. Pure.
import { baseName } from '../catalog/file-path.ts';
import type { FileFacts, StoredFile } from '../catalog/file-store.ts';

type Times = { createdAt: number; updatedAt: number };

/**
 * A file or folder with the names of what is in it, for `meta`. @param files those at the path or below it
 */
export function viewFolder(path: string, files: readonly FileFacts[]): Record<string, unknown> {
  const isFile = files.length === 1 && files[0]?.path === path;
  const children = isFile ? [] : [...new Set(files.map((file) => firstSegment(path, file.path)))];
  return { name: baseName(path), path: `/${path}`, folder: !isFile, children, ...timesOf(files) };
}

/** A file or folder with everything in it, for `download`. */
export function viewTree(path: string, files: readonly StoredFile[]): Record<string, unknown> {
  const head = { name: baseName(path), path: `/${path}`, ...timesOf(files) };
  const [only] = files;
  if (files.length === 1 && only?.path === path) {
    return { ...head, folder: false, source: only.content.toString(), children: [] };
  }
  const children = new Map<string, StoredFile[]>();
  for (const file of files) {
    const name = firstSegment(path, file.path);
    children.set(name, [...(children.get(name) ?? []), file]);
  }
  return {
    ...head,
    folder: true,
    source: null,
    children: [...children].map(([name, within]) => viewTree(path === '' ? name : `${path}/${name}`, within)),
  };
}

/** Of a file's path the segment behind the folder's. */
function firstSegment(folder: string, path: string): string {
  const rest = folder === '' ? path : path.slice(folder.length + 1);
  return rest.split('/', 1)[0] ?? '';
}

function timesOf(files: readonly FileFacts[]): Times {
  const created = files.map(({ createdAt }) => createdAt.getTime());
  const modified = files.map(({ modifiedAt }) => modifiedAt.getTime());
  return { createdAt: least(created), updatedAt: -least(modified.map((time) => -time)) };
}

function least(times: readonly number[]): number {
  return times.length === 0 ? 0 : times.reduce((a, b) => Math.min(a, b));
}
