// Starts flows: events start them, the engine moves them on, ended runs return to them; and Millrace's own
// API of them.

import { flowEndpoints } from '../api/flow-endpoints.ts';
import type { ApiEndpoint } from '../api/millrace-api.ts';
import { systemClock } from '../clock/clock.ts';
import { usualBounds } from '../config/account-bounds.ts';
import { newItemId, newRunId } from '../ids/ids.ts';
import { waitingDepth } from '../queue/waiting-depth.ts';
import { startFlowEngine } from '../sources/flows/flow-engine.ts';
import { FLOWS_CHANNEL } from '../sources/flows/flow-run-store.ts';
import { flowFollower } from '../sources/flows/follow-runs.ts';
import { createFlowStarter } from '../sources/flows/start-flow-runs.ts';
import type { Offer } from './area.ts';
import type { Platform } from './platform.ts';

type Parts = Pick<Platform, 'config' | 'log' | 'endings' | 'database' | 'hearing' | 'queue'>;

export function offerFlows({ config, kept }: Pick<Platform, 'config' | 'kept'>): Offer {
  const depth = waitingDepth('waiting_flow_runs', {
    ...{ usual: usualBounds(config.accountBounds, config.limits), kept, clock: systemClock },
  });
  return { consumers: [createFlowStarter(newItemId, depth)], followers: { flow: flowFollower } };
}

export function startFlows(parts: Parts): ApiEndpoint[] {
  const { config, log, endings, database, hearing, queue } = parts;
  if (config.roles.includes('scheduler')) {
    const engine = startFlowEngine({
      ...{ database, queue, newRunId, clock: systemClock, log },
      mostSteps: config.limits.flowSteps,
      retentionDays: config.limits.runRetentionDays,
    });
    endings.push(() => engine.stop());
    hearing.on(FLOWS_CHANNEL, engine.wake, engine.wake);
  }
  return flowEndpoints({ database, newFlowId: newItemId });
}
