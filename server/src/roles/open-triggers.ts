// Opens triggers of every kind: how they are made and changed, and Millrace's own API of them.
import type { ApiEndpoint } from '../api/millrace-api.ts';
import { triggerEndpoints } from '../api/trigger-endpoints.ts';
import { systemClock } from '../clock/clock.ts';
import type { EventCatalogue } from '../events/event-catalogue.ts';
import type { TriggerEditing } from '../triggers/trigger-editing.ts';
import { createTriggerEditing } from '../triggers/trigger-editing.ts';
import type { Platform } from './platform.ts';

type Parts = Pick<Platform, 'config' | 'database' | 'keys' | 'queue'> & { catalogue: EventCatalogue };

export type OpenedTriggers = {
  /** For dialects that make triggers with their functions. */
  editing: TriggerEditing;
  endpoints: ApiEndpoint[];
};

export function openTriggers({ config, database, keys, queue, catalogue }: Parts): OpenedTriggers {
  const { limits, publicUrl } = config;
  const editing = createTriggerEditing({
    database,
    keys,
    mostTriggers: limits.triggersPerAccount,
    wake: () => queue.wake(),
  });
  const endpoints = triggerEndpoints({
    ...{ sql: database, editing, catalogue, limits, publicUrl },
    clock: systemClock,
  });
  return { editing, endpoints };
}
