// Which run of ours publishes, where it says so in the header `Millrace-Run`: so that events which cause one
// another are counted, and come to rest. Believed only of a run that is going on in the publisher's own
// world; a function that says nothing is taken for the outside. Called by the API.
import type { World } from '../accounts/account.ts';
import { fail } from '../errors/failure.ts';
import type { Sql } from '../postgres/database.ts';
import { findPublishingRun } from './event-run-store.ts';

/** @param depth of the events that it publishes */
export type PublishingRun = { runId: string; depth: number };

export type PublishingRunOf = (
  world: World,
  header: string | string[] | undefined,
) => Promise<PublishingRun | null>;

const RUN_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const HEADER = 'Millrace-Run';

/** @param mostDepth events that may have caused one another */
export function createPublishingRunFinder(sql: Sql, mostDepth: number): PublishingRunOf {
  return async (world, header) => {
    if (header === undefined) return null;
    const runId = String(header);
    if (!RUN_ID.test(runId)) {
      fail('invalid_input', { message: `${HEADER}: must be the id of a run`, field: HEADER });
    }
    const run = await findPublishingRun(sql, world, runId);
    if (run === null) return null;
    const depth = run.causeDepth === null ? 0 : run.causeDepth + 1;
    if (depth > mostDepth) {
      fail('invalid_state', {
        message: `${HEADER}: ${mostDepth} events have caused one another, and a run of the last of them publishes no more`,
        field: HEADER,
        facts: { limit: mostDepth },
      });
    }
    return { runId, depth };
  };
}
