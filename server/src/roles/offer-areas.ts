// The areas, in the order in which their consumers of events act. Called by serve.ts.
import type { AreaName, Offer } from './area.ts';
import { offerComecero } from './mount-comecero.ts';
import { offerHubspot } from './mount-hubspot-doors.ts';
import { offerOwnFunctions } from './mount-own-functions.ts';
import { offerRevcent } from './mount-revcent.ts';
import { offerBuilds } from './open-builds.ts';
import type { Platform } from './platform.ts';
import { offerDeliveries } from './start-deliveries.ts';
import { offerFlows } from './start-flows.ts';
import { offerSchedules } from './start-scheduler.ts';
import { offerTemplates } from './start-templates.ts';

type Parts = Pick<Platform, 'config' | 'database' | 'log' | 'deployment' | 'kept'>;

export type Areas = Awaited<ReturnType<typeof offerAreas>>;

export async function offerAreas(parts: Parts) {
  return {
    flows: offerFlows(parts),
    templates: offerTemplates(parts),
    deliveries: offerDeliveries(parts),
    schedules: offerSchedules(),
    builds: offerBuilds(parts),
    own_functions: offerOwnFunctions(parts),
    comecero: offerComecero(parts),
    hubspot: await offerHubspot(parts),
    revcent: offerRevcent(parts),
  } satisfies Record<AreaName, Offer>;
}
