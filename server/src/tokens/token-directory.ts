// Finds the caller behind a presented token. On the hot path: what was asked for lately is answered from
// memory, bounded in size and believed for a few seconds, so that a token deleted on another node dies here
// soon. Keeps hashes, never tokens. Writes `last_used_at` in batches behind the requests. Asked by the
// gateway and by every dialect's frame.

import { hash, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../clock/clock.ts';
import { fail } from '../errors/failure.ts';
import { LatelyUsed } from '../memory/lately-used.ts';
import type { Sql } from '../postgres/database.ts';
import { AddressPace } from './address-pace.ts';
import type { Caller } from './caller.ts';
import { effectivePermissions, withoutOperating } from './permissions.ts';
import { LIMITED_LIFE_MS, MAX_TOKEN_LENGTH } from './token-format.ts';
import { findTokenByHash, recordTokenUses, type StoredToken } from './token-store.ts';

export type TokenDirectoryOptions = {
  sql: Sql;
  clock: Clock;
  /** Called with a failed write of `last_used_at`: the next batch carries it again. */
  onError: (error: unknown) => void;
  /** The one account whose tokens may hold the permission `operator`; left out: none. */
  operatorAccountId?: string | null;
  /** How long an answer of the database is believed. */
  believeMs?: number;
  /** Most tokens, and most unknown tokens, kept in memory. */
  capacity?: number;
  /** How often one address may show a token that isn't one. */
  wrongTokens?: { burst: number; perMinute: number };
  /** How long uses are gathered before they are written. */
  gatherUsesMs?: number;
};

const BELIEVE_MS = 5_000;
const CAPACITY = 10_000;
const GATHER_USES_MS = 2_000;
const WRONG_TOKENS = { burst: 100, perMinute: 100 };
/** Addresses remembered for wrong tokens. */
const ADDRESSES = 10_000;

type Known = {
  caller: Caller;
  kind: StoredToken['kind'];
  /** Unix ms; null: never. Slides for limited tokens. */
  expiresAtMs: number | null;
  believedUntilMs: number;
};

export class TokenDirectory {
  readonly #options: Required<TokenDirectoryOptions>;
  readonly #pace: AddressPace;
  readonly #known: LatelyUsed<Known>;
  /** Hash of a token that doesn't exist -> until when that is believed. */
  readonly #unknown: LatelyUsed<number>;
  /** Questions under way: many requests with one token ask the database once. */
  readonly #asked = new Map<string, Promise<Caller | null>>();
  /** Token id -> its latest use that isn't written yet. */
  #uses = new Map<string, { caller: Caller; usedAtMs: number }>();
  #timer: NodeJS.Timeout | null = null;
  /** Grows with every forget(): an answer that was asked for before is not kept. */
  #generation = 0;

  constructor(options: TokenDirectoryOptions) {
    this.#options = {
      operatorAccountId: null,
      believeMs: BELIEVE_MS,
      capacity: CAPACITY,
      gatherUsesMs: GATHER_USES_MS,
      wrongTokens: WRONG_TOKENS,
      ...options,
    };
    const { clock, wrongTokens, capacity } = this.#options;
    this.#known = new LatelyUsed(capacity);
    this.#unknown = new LatelyUsed(capacity);
    this.#pace = new AddressPace({ clock, ...wrongTokens, capacity: ADDRESSES });
  }

  /**
   * What memory knows of the token, without waiting.
   * @returns the caller, null for a token that isn't valid, undefined where {@link authenticate} must ask the
   * database
   */
  peek(token: string): Caller | null | undefined {
    if (token.length === 0 || token.length > MAX_TOKEN_LENGTH) return null;
    return this.#peek(keyOf(token));
  }

  /**
   * @param address of the client that shows it; after too many wrong tokens from there, only tokens that were
   * seen before are looked up
   * @returns the caller, or null for a token that doesn't exist or has expired
   * @throws Failure `too_many_requests`
   */
  async authenticate(token: string, address: string): Promise<Caller | null> {
    if (token.length === 0 || token.length > MAX_TOKEN_LENGTH) return null;
    const key = keyOf(token);
    const remembered = this.#peek(key);
    if (remembered !== undefined) return remembered;
    if (this.#known.peek(key) === undefined) this.#requirePace(address);
    const caller = await this.#askOnce(key);
    if (caller === null) this.#pace.take(address);
    return caller;
  }

  #requirePace(address: string): void {
    const retryAfterS = this.#pace.waitS(address);
    if (retryAfterS === 0) return;
    fail('too_many_requests', {
      message: 'too many tokens from this address were not valid: try again later',
      facts: { retryAfterS },
    });
  }

  async #askOnce(key: string): Promise<Caller | null> {
    const asked = this.#asked.get(key);
    if (asked !== undefined) return await asked;
    const question = this.#ask(key).finally(() => {
      if (this.#asked.get(key) === question) this.#asked.delete(key);
    });
    this.#asked.set(key, question);
    return await question;
  }

  /**
   * Forgets an account's tokens: called after one was changed or deleted here. The next use asks the
   * database. What was made needs no forgetting: nobody can have asked for it before.
   */
  forget(accountId: string): void {
    this.#generation++;
    this.#asked.clear();
    this.#known.deleteWhere(({ caller }) => caller.accountId === accountId);
  }

  /** Writes the uses gathered so far. */
  async flush(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const uses = this.#uses;
    if (uses.size === 0) return;
    this.#uses = new Map();
    try {
      await recordTokenUses(
        this.#options.sql,
        [...uses.values()].map(({ caller, usedAtMs }) => ({
          id: caller.tokenId,
          accountId: caller.accountId,
          usedAtMs,
        })),
      );
    } catch (error) {
      for (const [id, use] of uses) if (!this.#uses.has(id)) this.#uses.set(id, use);
      throw error;
    }
  }

  /** Writes what is left; call it before the database closes. */
  async close(): Promise<void> {
    await this.flush();
  }

  #peek(key: string): Caller | null | undefined {
    const now = this.#options.clock();
    const known = this.#known.peek(key);
    if (known !== undefined && now < known.believedUntilMs) return this.#admit(known, now);
    const unknownUntilMs = this.#unknown.peek(key);
    return unknownUntilMs !== undefined && now < unknownUntilMs ? null : undefined;
  }

  async #ask(key: string): Promise<Caller | null> {
    const { sql, clock, believeMs } = this.#options;
    const generation = this.#generation;
    const presented = Buffer.from(key, 'latin1');
    const stored = await findTokenByHash(sql, presented);
    const now = clock();
    if (stored === null || !timingSafeEqual(stored.hash, presented)) {
      if (generation === this.#generation) this.#unknown.set(key, now + believeMs);
      return null;
    }
    const known: Known = {
      caller: callerOf(stored, this.#options.operatorAccountId),
      kind: stored.kind,
      expiresAtMs: stored.expiresAt?.getTime() ?? null,
      believedUntilMs: now + believeMs,
    };
    if (generation === this.#generation) this.#known.set(key, known);
    return this.#admit(known, now);
  }

  /** The expiry decides; then the use is noted and, for a limited token, begins its two weeks anew. */
  #admit(known: Known, now: number): Caller | null {
    if (known.expiresAtMs !== null && now >= known.expiresAtMs) return null;
    if (known.kind === 'limited') known.expiresAtMs = now + LIMITED_LIFE_MS;
    const use = this.#uses.get(known.caller.tokenId);
    if (use === undefined) this.#uses.set(known.caller.tokenId, { caller: known.caller, usedAtMs: now });
    else use.usedAtMs = now;
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      this.flush().catch(this.#options.onError);
    }, this.#options.gatherUsesMs).unref();
    return known.caller;
  }
}

function callerOf(token: StoredToken, operatorAccountId: string | null): Caller {
  const permissions = effectivePermissions(token.permissions);
  return {
    accountId: token.accountId,
    mode: token.mode,
    tokenId: token.id,
    kind: token.kind,
    userId: token.userId,
    permissions: token.accountId === operatorAccountId ? permissions : withoutOperating(permissions),
  };
}

/**
 * The token's SHA-256, a byte a letter: that costs a third of a Buffer. How long the look-up of a key takes
 * shows nothing, since nobody can choose a token so that its hash comes near to another's.
 */
function keyOf(token: string): string {
  return hash('sha256', token, 'binary');
}
