// Tells of saves below a folder. Where the system watches a whole tree (macOS, Windows), it does. Elsewhere
// Node watches each file by its inode, and misses every save after one that put a new file in the place of
// the old one, as vim, JetBrains and `sed -i` save: so the folders are watched here, which see both kinds.
import { type FSWatcher, lstatSync, readdirSync, watch } from 'node:fs';
import path from 'node:path';

const WATCHED_WHOLE = new Set(['darwin', 'win32']);
/** Each one is a watch of the kernel's. */
const MOST_FOLDERS = 2_000;

/** Goes on until the process ends. A folder that is made later is followed, too. */
export function followSaves(root: string, saved: () => void): void {
  if (WATCHED_WHOLE.has(process.platform)) {
    watch(root, { recursive: true }, (_, name) => {
      if (!name?.split(path.sep).some(isApart)) saved();
    });
    return;
  }
  const watched = new Map<string, FSWatcher>();
  const follow = (folder: string): void => {
    if (watched.size >= MOST_FOLDERS) return;
    try {
      const watcher = watch(folder, (kind, name) => {
        if (name !== null && isApart(name)) return;
        if (kind === 'rename' && name !== null) renew(path.join(folder, name));
        saved();
      });
      watcher.on('error', () => forget(folder));
      watched.set(folder, watcher);
      for (const entry of readdirSync(folder, { withFileTypes: true })) {
        if (entry.isDirectory() && !isApart(entry.name)) follow(path.join(folder, entry.name));
      }
    } catch (error) {
      // Gone meanwhile, or not to be read: packing says so, where it matters.
      if (folder === root) throw error;
      forget(folder);
    }
  };
  const forget = (folder: string): void => {
    for (const [one, watcher] of watched) {
      if (one !== folder && !one.startsWith(`${folder}${path.sep}`)) continue;
      watcher.close();
      watched.delete(one);
    }
  };
  /** Something has come, gone, or been replaced: the watch of a folder is one of the old folder. */
  const renew = (changed: string): void => {
    forget(changed);
    if (lstatSync(changed, { throwIfNoEntry: false })?.isDirectory()) follow(changed);
  };
  follow(root);
}

function isApart(name: string): boolean {
  return name === 'node_modules' || name.startsWith('.git');
}
