// Replaces links to children in an event's data by the children themselves, where a subscription asks for it:
// from what the event brought along, else from the server that keeps the installation's resources. Bounded in
// number and size; a child that isn't to be had leaves its link as it is. Changes nothing that it is given.
// Called for every attempt, remembers nothing.

export type ChildSource = {
  /**
   * Children that the event brought, by the path (`payments.payment_method`) or the last name of it: one, or
   * a list of them.
   */
  related: Readonly<Record<string, unknown>>;
  /** null: there is nobody to ask. Resolves with the child, or throws an Error that says why not. */
  fetch: ((link: ResourceLink) => Promise<unknown>) | null;
};

/** What an address such as `https://host/api/v1/customers/abc` names. */
export type ResourceLink = { collection: string; id: string };

export type ExpandBounds = {
  /** Children that are asked for. */
  mostFetched: number;
  /** Links that are replaced. */
  mostReplaced: number;
  /** Of all children that stand in for links, as JSON. */
  mostBytes: number;
};

export const EXPAND_BOUNDS: ExpandBounds = { mostFetched: 50, mostReplaced: 500, mostBytes: 4 * 1024 * 1024 };

export type Expansion = { data: unknown /** What was left as it is, and why. */; problems: string[] };

type Holder = Record<string, unknown>;

const MOST_PATHS = 20;
const MOST_DEPTH = 5;
const MOST_PROBLEMS = 5;
const LINK_END = /(?:^|\/)([a-z][a-z0-9_]{0,63})\/([0-9A-Za-z_-]{1,64})$/;

/** @param text comma-separated paths @throws Error that says what is wrong with it */
export function readExpandPaths(text: string): string[][] {
  const paths = text.split(',').map((path) => path.trim().split('.'));
  if (paths.length > MOST_PATHS) throw new Error(`must name at most ${MOST_PATHS} children`);
  for (const path of paths) {
    if (path.length > MOST_DEPTH) throw new Error(`must be at most ${MOST_DEPTH} levels deep`);
    if (!path.every((name) => /^(?!__)[A-Za-z_][A-Za-z0-9_]{0,63}$/.test(name))) {
      throw new Error('must be names of children, separated by commas, nested with dots');
    }
  }
  return paths;
}

/** @returns null for what is no address of a resource */
export function resourceLink(text: string): ResourceLink | null {
  const path = /^https?:\/\//.test(text) && URL.canParse(text) ? new URL(text).pathname : text;
  const match = path.includes('/') ? LINK_END.exec(path) : null;
  return match === null ? null : { collection: match[1] as string, id: match[2] as string };
}

export async function expandChildren(
  data: unknown,
  paths: readonly string[][],
  source: ChildSource,
  bounds: ExpandBounds,
): Promise<Expansion> {
  const work = new Expanding(source, bounds);
  const expanded: unknown = structuredClone(data);
  for (const path of paths) await work.expand(expanded, path, 0);
  return { data: expanded, problems: work.problems };
}

class Expanding {
  readonly problems: string[] = [];
  readonly #source: ChildSource;
  readonly #left: ExpandBounds;

  constructor(source: ChildSource, bounds: ExpandBounds) {
    this.#source = source;
    this.#left = { ...bounds };
  }

  /** @param depth which name of the path `holder` has, or should have */
  async expand(holder: unknown, path: readonly string[], depth: number): Promise<void> {
    const name = path[depth];
    if (name === undefined || holder === null || typeof holder !== 'object') return;
    if (Array.isArray(holder)) {
      for (const item of holder) await this.expand(item, path, depth);
      return;
    }
    const place = path.slice(0, depth + 1).join('.');
    const members = holder as Holder;
    const value = Object.hasOwn(members, name) ? members[name] : null;
    if (Array.isArray(value)) await this.#replaceItems(value, place);
    else if (typeof value === 'string') members[name] = (await this.#childOf(value, place)) ?? value;
    else if (value === null && depth === 0) this.#add(members, name);
    await this.expand(Object.hasOwn(members, name) ? members[name] : null, path, depth + 1);
  }

  async #replaceItems(items: unknown[], place: string): Promise<void> {
    for (const [at, item] of items.entries()) {
      if (typeof item === 'string') items[at] = (await this.#childOf(item, place)) ?? item;
    }
  }

  /** The data has no link, but the event brought the child. */
  #add(members: Holder, name: string): void {
    const brought = ownValue(this.#source.related, name);
    if (brought !== null && typeof brought === 'object') members[name] = this.#taken(brought, name) ?? null;
  }

  async #childOf(link: string, place: string): Promise<unknown> {
    const brought = childAmong(relatedAt(this.#source.related, place), link);
    if (brought !== null) return this.#taken(brought, place);
    const { fetch } = this.#source;
    const resource = resourceLink(link);
    if (fetch === null || resource === null) return this.#missing(`${place}: the event doesn't bring it`);
    if (this.#left.mostFetched === 0) return this.#missing(`${place}: too many children to ask for`);
    this.#left.mostFetched -= 1;
    try {
      return this.#taken(await fetch(resource), place);
    } catch (error) {
      return this.#missing(`${place}: ${(error as Error).message}`);
    }
  }

  /**
   * A copy, so that one child in two places can be expanded in different ways; null where there is no room
   * for it.
   */
  #taken(child: unknown, place: string): unknown {
    const bytes = Buffer.byteLength(JSON.stringify(child));
    if (this.#left.mostReplaced === 0 || bytes > this.#left.mostBytes) {
      return this.#missing(`${place}: there is too much to expand`);
    }
    this.#left.mostReplaced -= 1;
    this.#left.mostBytes -= bytes;
    return structuredClone(child);
  }

  #missing(problem: string): null {
    if (this.problems.length < MOST_PROBLEMS && !this.problems.includes(problem)) this.problems.push(problem);
    return null;
  }
}

function relatedAt(related: Readonly<Record<string, unknown>>, place: string): unknown {
  return ownValue(related, place) ?? ownValue(related, place.split('.').at(-1) as string);
}

function ownValue(from: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(from, name) ? from[name] : null;
}

/** The child itself, or the one of a list that the link names; null: none. */
function childAmong(brought: unknown, link: string): unknown {
  if (brought === null || typeof brought !== 'object') return null;
  if (!Array.isArray(brought)) return brought;
  const id = link.split('/').at(-1);
  return brought.find((child: unknown) => isNamed(child, link, id)) ?? null;
}

function isNamed(child: unknown, link: string, id: string | undefined): boolean {
  if (child === null || typeof child !== 'object') return false;
  return Object.entries(child).some(
    ([name, value]) => (name === 'url' && value === link) || (/^(\w+_)?id$/.test(name) && value === id),
  );
}
