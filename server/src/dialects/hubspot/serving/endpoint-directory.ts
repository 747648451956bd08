// The endpoints that are being called, in memory: one world's at a time, loaded on its first call and
// forgotten when notified that they changed (ENDPOINT_CHANNEL). Calls ask here; what changes endpoints writes
// the store.
import type { World } from '../../../accounts/account.ts';
import { LatelyUsed } from '../../../memory/lately-used.ts';
import type { Sql } from '../../../postgres/database.ts';
import { type Endpoint, type EndpointMatch, matchEndpoint } from '../catalog/endpoint.ts';
import { listEndpoints } from '../catalog/endpoint-store.ts';

export type EndpointDirectory = {
  /** What a call of the path means. @param path as it came, behind the prefix, decoded, without query */
  find(world: World, path: string, method: string): Promise<EndpointMatch>;
  /** @param payload of ENDPOINT_CHANNEL */
  forget(payload: string): void;
  forgetAll(): void;
};

/** Worlds kept; beyond it, the one not called for longest goes. */
const CAPACITY = 2_000;

export function openEndpointDirectory(sql: Sql): EndpointDirectory {
  const kept = new LatelyUsed<Promise<Endpoint[]>>(CAPACITY);

  function endpointsOf(world: World): Promise<Endpoint[]> {
    const key = keyOf(world);
    const found = kept.get(key);
    if (found !== undefined) return found;
    const loading = listEndpoints(sql, world);
    kept.set(key, loading);
    // What failed is asked again by the next call.
    loading.catch(() => kept.delete(key, loading));
    return loading;
  }

  return {
    find: async (world, path, method) => matchEndpoint(await endpointsOf(world), path, method),
    forget: (payload) => kept.delete(payload),
    forgetAll: () => kept.clear(),
  };
}

function keyOf(world: World): string {
  return `${world.accountId} ${world.mode}`;
}
