// What the areas of the platform offer to its core: who makes events and reads results (by dialect), who
// acts on events, on ends of runs, on builds and on deletions. All of it is collected before the core is
// built of it, so nothing is added to what is in use already, and an area that is missing is a type error.
// Each area's file has its offer and its start. Decides nothing. Called by serve.ts.
import type { BuildFollower } from '../builds/settle-builds.ts';
import type { EventConsumer } from '../events/event-consumer.ts';
import type { RunAdapters } from '../runs/run-adapter.ts';
import type { RunFollowers } from '../runs/run-follower.ts';
import type { FunctionRemovers } from '../versions/deployment.ts';

export type Offer = {
  /** By dialect. */
  adapters?: RunAdapters;
  /** By dialect: where deleting takes more than the engine knows. */
  removers?: FunctionRemovers;
  /** By purpose of a build. */
  buildFollowers?: Readonly<Record<string, BuildFollower>>;
  /** By kind of trigger. */
  followers?: RunFollowers;
  /** Who acts on account events besides triggers. */
  consumers?: readonly EventConsumer[];
};

export type AreaName =
  | 'builds'
  | 'comecero'
  | 'deliveries'
  | 'flows'
  | 'hubspot'
  | 'own_functions'
  | 'revcent'
  | 'schedules'
  | 'templates';

export type Offered = { readonly [K in keyof Offer]-?: NonNullable<Offer[K]> };

/** @throws Error where two offer the same: one of them would do nothing, without a word */
export function collectOffers(areas: Readonly<Record<AreaName, Offer>>): Offered {
  const offers = Object.values(areas);
  return {
    adapters: together(offers.map(({ adapters }) => adapters)),
    removers: together(offers.map(({ removers }) => removers)),
    buildFollowers: together(offers.map(({ buildFollowers }) => buildFollowers)),
    followers: together(offers.map(({ followers }) => followers)),
    consumers: offers.flatMap(({ consumers }) => consumers ?? []),
  };
}

function together<T extends object>(parts: readonly (T | undefined)[]): T {
  const whole: Record<string, unknown> = {};
  for (const [name, value] of parts.flatMap((part) => Object.entries(part ?? {}))) {
    if (Object.hasOwn(whole, name)) throw new Error(`two areas of the platform offer ${name}`);
    whole[name] = value;
  }
  return whole as T;
}
