// Whose a host is: all hosts that belong to an account, in memory, since every request asks. Read whole at
// the start, and again when notified of a change. Called for every request (http/request-host.ts), and by
// dialects that find an account by its host.
import { FreshCopy } from '../memory/fresh-copy.ts';
import type { Sql } from '../postgres/database.ts';
import type { World } from './account.ts';
import { listAllHosts } from './host-store.ts';

/**
 * A host that the operator's settings give away: they win over the database. `find`: null while there is no
 * such account.
 */
export type ConfiguredHost = { host: string; find(): Promise<World | null> };

export type HostDirectory = {
  /**
   * @param host as `hostNameOf` reads it
   * @returns null: it is nobody's alone. A promise only for a configured host whose account wasn't there when
   * hosts were read last
   */
  ownerOf(host: string): World | null | Promise<World | null>;
  /** Something has changed. Resolves when this node goes by it. */
  refresh(): Promise<void>;
};

type Parts = {
  sql: Sql;
  configured: readonly ConfiguredHost[];
  /** Never any account's. */
  reserved?: readonly string[];
  onError(error: unknown): void;
};

/** Resolves when they have been read. */
export async function openHostDirectory({
  sql,
  configured,
  reserved = [],
  onError,
}: Parts): Promise<HostDirectory> {
  const named = new Set(configured.map(({ host }) => host));
  const read = async (): Promise<Map<string, World>> => {
    const stored = await listAllHosts(sql);
    const owners = new Map(
      stored.filter(({ host }) => !named.has(host)).map(({ host, world }) => [host, world]),
    );
    for (const { host, find } of configured) {
      const world = await find();
      if (world !== null) owners.set(host, world);
    }
    for (const host of reserved) owners.delete(host);
    return owners;
  };
  const copy = await FreshCopy.open(read, onError);
  return {
    ownerOf(host) {
      const owner = copy.value.get(host);
      if (owner !== undefined) return owner;
      if (!named.has(host)) return null;
      return copy.refresh().then(() => copy.value.get(host) ?? null);
    },
    refresh: () => copy.refresh(),
  };
}
