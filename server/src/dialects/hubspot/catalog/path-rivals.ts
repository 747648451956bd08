// Two folders that name one path: which of them serves it, and what the owner of the other sees. A path is
// the same in any case of its letters, and by whatever methods it is served. Pure.

export type NamedPath = { path: string };
/** `path` in lower case. */
export type PathHolder = { path: string; folder: string };
/** `path` as it is written; `holder`: the folder that serves it. */
export type Rival = { path: string; holder: string };

export function folded({ path }: NamedPath): string {
  return path.toLowerCase();
}

/**
 * @param holders who serves what, the folder itself among them or not
 * @param isOwn folders whose paths it may take over: itself, as a rule
 * @returns each of the paths that another folder serves
 */
export function rivalsOf(
  endpoints: readonly NamedPath[],
  holders: readonly PathHolder[],
  isOwn: (folder: string) => boolean,
): Rival[] {
  const others = new Map(
    holders.filter(({ folder }) => !isOwn(folder)).map(({ path, folder }) => [path, folder]),
  );
  return endpoints.flatMap((endpoint) => {
    const holder = others.get(folded(endpoint));
    return holder === undefined ? [] : [{ path: endpoint.path, holder }];
  });
}

/** @param folder the one that may not serve the path */
export function rivalWords({ path, holder }: Rival, folder: string): string {
  return `${holder} serves the path ${path} already, so ${folder} can't serve it, too: take the path out of one of them, or delete the folder that is no longer used`;
}

/** As {@link rivalsOf}, among folders that arrive together: the first of them has the path. */
export function rivalsWithin(
  folders: readonly { folder: string; endpoints: readonly NamedPath[] }[],
): (Rival & { folder: string })[] {
  const holders: PathHolder[] = [];
  return folders.flatMap(({ folder, endpoints }) => {
    const rivals = rivalsOf(endpoints, holders, (one) => one === folder);
    const lost = new Set(rivals.map(({ path }) => path));
    const own = endpoints.filter(({ path }) => !lost.has(path));
    holders.push(...own.map((endpoint) => ({ path: folded(endpoint), folder })));
    return rivals.map((rival) => ({ ...rival, folder }));
  });
}
