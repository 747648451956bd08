// A run that this node has claimed: what executing and settling it needs. Pure data.

import type { World } from '../accounts/account.ts';
import type { RunCause } from '../runs/run.ts';
import type { TriggerKind } from '../runs/run-input.ts';

export type ClaimedRun = World & {
  id: string;
  functionId: string;
  /** null: the active version. */
  pinnedVersion: number | null;
  trigger: TriggerKind;
  cause: RunCause;
  /** Unix time in ms, by the database's clock. */
  createdAtMs: number;
  /** This attempt's number, from 1. */
  attempt: number;
  /** The fence: what this claim writes counts only while it is the run's last. */
  claims: number;
  /** Earlier attempts that ended by the function's fault, and how many in a row the platform spoiled. */
  faults: number;
  platformFaults: number;
  /** Its input, sealed; null where it is so large that it is fetched when it is needed. */
  sealedInput: Buffer | null;
};

/** What distinguishes a claim from all others. */
export type ClaimKey = Pick<ClaimedRun, 'id' | 'accountId' | 'claims'>;
