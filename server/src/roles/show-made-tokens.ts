// Writes into the log of every node that a token was made on a machine, outside of every API: a reader of the
// log can ask who did it. Called by open-foundation.ts.
import type { Logger } from 'pino';
import { MADE_TOKEN_CHANNEL, type MadeToken } from '../tokens/token-store.ts';
import type { Hearing } from './platform.ts';

export function showMadeTokens(hearing: Hearing, log: Logger): void {
  const show = (payload: string): void => {
    const { accountId, id, comments } = JSON.parse(payload) as MadeToken;
    log.warn({ accountId, tokenId: id, comments }, 'a token with every permission was made on a machine');
  };
  // What was missed stands in the list of tokens.
  hearing.on(MADE_TOKEN_CHANNEL, show, () => {});
}
