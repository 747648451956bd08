// What an endpoint is: a path and methods by which a function of a `.functions` folder (or of a project) is
// called, and what of its configuration the call needs. Pure.
import type { World } from '../../../accounts/account.ts';

/** Who declares OPTIONS answers preflights themselves. */
export const ENDPOINT_METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD'] as const;

export type Endpoint = World & {
  /** A small stable number, for clients that know functions by one. */
  number: number;
  /** The `.functions` folder, or `project:<name>`. */
  folder: string;
  /** Without a slash at either end: `events/update`. */
  path: string;
  /** Upper case. */
  methods: string[];
  /** Below the folder. */
  file: string;
  /** The function that a call runs: hand it to the gateway. Its variables hold environment and secrets. */
  functionId: string;
  /**
   * Of secrets that it may read, whether or not they exist: they stand in the function's variables under
   * their names.
   */
  secretNames: string[];
  /** When its folder was deployed last. While a path goes from one folder to another, the later is called. */
  claimedAt: Date;
  createdAt: Date;
  modifiedAt: Date;
};

export type EndpointMatch =
  | { kind: 'found'; endpoint: Endpoint }
  /** The path is served, with other methods. */
  | { kind: 'other_methods'; methods: string[] }
  | { kind: 'none' };

/**
 * Which of a world's endpoints a call means. Case and slashes at the ends don't matter, but the exact
 * spelling wins. Where a path has just gone from one folder to another, the one that was deployed last is
 * meant. HEAD is GET where nothing else is said.
 */
export function matchEndpoint(endpoints: readonly Endpoint[], path: string, method: string): EndpointMatch {
  const wanted = trimSlashes(path);
  const alike = endpoints.filter((endpoint) => endpoint.path.toLowerCase() === wanted.toLowerCase());
  if (alike.length === 0) return { kind: 'none' };
  const exact = alike.filter((endpoint) => endpoint.path === wanted);
  const candidates = exact.length > 0 ? exact : alike;
  const asked = method === 'HEAD' ? ['HEAD', 'GET'] : [method];
  const [found] = candidates
    .filter(({ methods }) => asked.some((one) => methods.includes(one)))
    .sort((a, b) => b.claimedAt.getTime() - a.claimedAt.getTime() || b.number - a.number);
  if (found !== undefined) return { kind: 'found', endpoint: found };
  return {
    kind: 'other_methods',
    methods: [...new Set(candidates.flatMap(({ methods }) => methods))].sort(),
  };
}

/**
 * By hand: a pattern for the end would begin anew at every slash within, and strangers choose how many there
 * are.
 */
export function trimSlashes(path: string): string {
  let [from, to] = [0, path.length];
  while (from < to && path[from] === '/') from += 1;
  while (to > from && path[to - 1] === '/') to -= 1;
  return path.slice(from, to);
}
