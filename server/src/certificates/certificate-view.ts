// What is shown of a name's certificate where names are listed. Reads alone. Called by what lists hosts of
// accounts.
import { z } from 'zod';
import type { Sql } from '../postgres/database.ts';
import { type CertificateState, readStates } from './certificate-store.ts';
import { isPublicName } from './public-name.ts';

export const certificateSchema = z
  .object({
    state: z.enum(['waiting', 'valid', 'refused']),
    expires_at: z.iso.datetime().nullable(),
    problem: z.string().nullable().describe('why the last try got none'),
    next_try_at: z.iso.datetime().nullable().describe('when the first, or the next one is asked for'),
  })
  .describe('null where none is asked for');

export type CertificateView = z.input<typeof certificateSchema>;

/** @returns null for names that no authority gives a certificate for */
export async function readCertificateViews(
  sql: Sql,
  names: readonly string[],
  nowMs: number,
): Promise<(name: string) => CertificateView | null> {
  const states = new Map((await readStates(sql, names)).map((state) => [state.name, state]));
  return (name) => {
    if (!isPublicName(name)) return null;
    const state = states.get(name);
    if (state === undefined) return { state: 'waiting', expires_at: null, problem: null, next_try_at: null };
    return {
      state: stateOf(state, nowMs),
      expires_at: state.expiresAt?.toISOString() ?? null,
      problem: state.problem,
      next_try_at: state.dueAt.toISOString(),
    };
  };
}

function stateOf({ expiresAt, problem }: CertificateState, nowMs: number): CertificateView['state'] {
  if (expiresAt !== null && expiresAt.getTime() > nowMs) return 'valid';
  return problem === null ? 'waiting' : 'refused';
}
