// The tree that a zip's entries make: which folders it needs, that no path is taken twice, and that no link
// leads out of it. Pure, works on names alone, so that nothing is decided by looking at a disk that is being
// written to. Called by unpack-zip.ts.
import { refuseEntry, refuseZip } from './zip-refusal.ts';

export type TreeEntry = { path: string; named: string; kind: 'file' | 'folder' | 'link' };

/** Longest chain of links that Linux follows. */
const LINKS_FOLLOWED = 40;
/** Steps that all links together may take: what keeps a zip of tangled links from costing minutes. */
const LINK_STEPS = 1_000_000;

/** Path -> what is there. Never holds the root. */
export type Tree = Map<string, TreeEntry['kind']>;

/**
 * Folders that entries need without the zip naming them count apart, against the same limit.
 * @throws Failure `invalid_input` for a path taken twice, or one that leads through a file or a link
 */
export function growTree(entries: readonly TreeEntry[], limits: { unpackedEntries: number }): Tree {
  const tree: Tree = new Map();
  let impliedFolders = 0;
  for (const entry of entries) {
    const there = tree.get(entry.path);
    // A folder named twice is what merged archives have, and harmless.
    if (there !== undefined && (there !== 'folder' || entry.kind !== 'folder')) {
      refuseEntry(entry.named, there === entry.kind ? 'is there twice' : `is there as a ${there} too`);
    }
    impliedFolders += addParents(tree, entry);
    if (impliedFolders > limits.unpackedEntries) {
      refuseZip(`it has more than ${limits.unpackedEntries} folders`, {
        facts: { limitEntries: limits.unpackedEntries },
      });
    }
    tree.set(entry.path, entry.kind);
  }
  return tree;
}

/** @returns how many folders it added */
function addParents(tree: Tree, entry: TreeEntry): number {
  let added = 0;
  for (let at = entry.path.lastIndexOf('/'); at > 0; at = entry.path.lastIndexOf('/', at - 1)) {
    const parent = entry.path.slice(0, at);
    const kind = tree.get(parent);
    if (kind === 'folder') return added;
    if (kind !== undefined) refuseEntry(entry.named, `lies inside a ${kind}`);
    tree.set(parent, 'folder');
    added += 1;
  }
  return added;
}

/**
 * Follows every link of the tree, link after link, to where it leads.
 * @param targets  path of each link -> what it holds
 * @throws Failure `invalid_input` when one leads out of the tree, on the way or in the end, or in a circle
 */
export function checkLinks(targets: ReadonlyMap<string, string>): void {
  const budget = { steps: LINK_STEPS };
  for (const [path, target] of targets) {
    const problem = targetProblem(target) ?? followLink(path, targets, budget);
    if (problem !== null) refuseEntry(path, problem);
  }
}

function targetProblem(target: string): string | null {
  if (target === '') return 'is a link to nowhere';
  if (target.includes('\0')) return 'is a link with a NUL character';
  if (target.startsWith('/')) return 'is a link to an absolute path';
  if (target.includes('\\')) return 'is a link with a backslash';
  return null;
}

function followLink(
  link: string,
  targets: ReadonlyMap<string, string>,
  budget: { steps: number },
): string | null {
  const here = link.split('/').slice(0, -1);
  const ahead = (targets.get(link) ?? '').split('/').reverse();
  let followed = 1;
  for (let segment = ahead.pop(); segment !== undefined; segment = ahead.pop()) {
    budget.steps -= 1;
    if (budget.steps < 0) return 'is one of too many links that lead through each other';
    if (segment === '' || segment === '.') continue;
    if (segment === '..') {
      if (here.pop() === undefined) return 'is a link that leads out of the zip';
      continue;
    }
    here.push(segment);
    const onward = targets.get(here.join('/'));
    if (onward === undefined) continue;
    followed += 1;
    if (followed > LINKS_FOLLOWED) return 'is a link that leads in a circle';
    if (onward.startsWith('/')) return 'is a link that leads to an absolute path';
    here.pop();
    ahead.push(...onward.split('/').reverse());
  }
  return null;
}
