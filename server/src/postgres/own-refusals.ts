// What the database refuses by a rule of ours, and not by one of its own, as the failure that it is. Pure.
// Called by database.ts.
import { ACCOUNT_BOUNDS, isBoundName } from '../config/account-bounds.ts';
import { Failure } from '../errors/failure.ts';

/** SQLSTATE of hold_account_bound: the message is the bound's name, the detail its number. */
const BOUND_REACHED = 'MR409';

/** @returns null: it is none of ours */
export function ownRefusal(error: unknown): Failure | null {
  if (!(error instanceof Error)) return null;
  const { code, detail } = error as { code?: unknown; detail?: unknown };
  if (code !== BOUND_REACHED || !isBoundName(error.message)) return null;
  const limit = Number(detail);
  return new Failure('conflict', {
    message: `the account has as many ${ACCOUNT_BOUNDS[error.message].noun} as it may: ${limit} (${error.message})`,
    facts: { limit, bound: error.message },
    cause: error,
  });
}
