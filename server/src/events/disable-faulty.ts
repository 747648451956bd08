// Disables functions that had too many faults in a row, or whose code can't be loaded, and says so:
// `function.disabled`. A fault listener (functions/fault-store.ts): all of it in the transaction that
// counted.
import { disabledReason } from '../functions/disabled-reason.ts';
import { disableFunction, type FaultListener } from '../functions/fault-store.ts';
import { storableText } from '../logs/storable-text.ts';
import type { PublishOwn } from './own-events.ts';

export function createFaultyDisabler(publishOwn: PublishOwn): FaultListener {
  return async (sql, faulty) => {
    for (const fault of faulty) {
      const { accountId, mode, functionId, faultsInARow } = fault;
      const reason = storableText(disabledReason(fault));
      // Runs that were going on meanwhile may bring further faults: it is disabled, and reported, once.
      const name = await disableFunction(sql, { accountId, mode }, functionId, reason);
      if (name === null) continue;
      const data = { function_id: functionId, name, reason, faults_in_a_row: faultsInARow };
      const event = { type: 'function.disabled', itemId: functionId, data, causeEventId: null } as const;
      await publishOwn(sql, { accountId, mode }, [event]);
    }
  };
}
