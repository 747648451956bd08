// The event of everything that is no call over HTTP: one envelope, whatever the cause. An account event
// brings its own id, type and time; of other causes these are the run's. Pure.
import type { RunFacts } from '../../runs/run-adapter.ts';
import type { AccountEvent, RunInput } from '../../runs/run-input.ts';

export function plainEvent({ trigger, source, event, notation, data }: RunInput, facts: RunFacts): unknown {
  const { fn, runId, attempt } = facts;
  return {
    id: event?.id ?? runId,
    type: event?.type ?? trigger,
    time: event?.date ?? madeAt(runId),
    data: event === undefined ? (data ?? null) : event.data,
    account: fn.accountId,
    mode: fn.mode,
    function: { id: fn.id, name: fn.name, version: fn.version },
    run: { id: runId, attempt },
    trigger: { kind: trigger, ...source },
    ...(event === undefined ? {} : { event: aboutEvent(event, notation) }),
  };
}

function aboutEvent(event: AccountEvent, notation: string | undefined): unknown {
  const { notations, itemType, itemId, campaign, shop, related } = event;
  return {
    notation: notation ?? event.type,
    notations,
    item_type: itemType,
    item_id: itemId,
    ...{ campaign, shop, related },
  };
}

/** A run's id begins with the time at which it was made, in ms (UUID version 7). */
function madeAt(runId: string): string {
  return new Date(Number.parseInt(runId.replace('-', '').slice(0, 12), 16)).toISOString();
}
