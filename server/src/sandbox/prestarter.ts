// Starts an instance of a version that has become active before anybody calls it: its first call then waits
// for no sandbox and for no package. One after the other, with a pause as long as the start took, in turns
// over accounts, so many of an account in a minute, and only where there is room that nobody else wants
// (sandbox-pool.ts): an account that deploys very much starts the rest at its first call. Called by
// roles/start-prestarts.ts.
import { LatelyUsed } from '../memory/lately-used.ts';

export type PrestartRequest = { accountId: string; functionId: string; version: number };

export type PrestarterParts = {
  /** @returns when it has started, or wasn't to be. Never rejects. */
  start(functionId: string): Promise<void>;
  /** Of one account. */
  mostPerMinute: number;
  pause(ms: number): Promise<void>;
  /** Monotonic. ms */
  clock(): number;
};

const MINUTE_MS = 60_000;
/** Versions remembered as started: a change of settings starts none. */
const MOST_KNOWN = 10_000;

export class Prestarter {
  readonly #parts: PrestarterParts;
  /** Function -> version that was asked for last; the oldest first. */
  readonly #known = new LatelyUsed<number>(MOST_KNOWN);
  /** By account; accounts in the order of their turns. */
  readonly #waiting = new Map<string, Set<string>>();
  /** Moments of the last minute's requests, by account. */
  readonly #taken = new Map<string, number[]>();
  #isWorking = false;
  #isClosed = false;

  constructor(parts: PrestarterParts) {
    this.#parts = parts;
  }

  /** A function shows this version now. */
  request({ accountId, functionId, version }: PrestartRequest): void {
    if (this.#isClosed || this.#known.peek(functionId) === version) return;
    this.#known.set(functionId, version);
    if (!this.#mayTake(accountId)) return;
    const waiting = this.#waiting.get(accountId) ?? new Set();
    this.#waiting.set(accountId, waiting.add(functionId));
    if (!this.#isWorking) void this.#work();
  }

  /** Nothing is started any more. */
  close(): void {
    this.#isClosed = true;
    this.#waiting.clear();
  }

  #mayTake(accountId: string): boolean {
    const { clock, mostPerMinute } = this.#parts;
    const since = clock() - MINUTE_MS;
    for (const [account, moments] of this.#taken)
      if ((moments.at(-1) ?? 0) <= since) this.#taken.delete(account);
    const recent = (this.#taken.get(accountId) ?? []).filter((moment) => moment > since);
    if (recent.length >= mostPerMinute) return false;
    this.#taken.set(accountId, [...recent, clock()]);
    return true;
  }

  async #work(): Promise<void> {
    this.#isWorking = true;
    const { start, pause, clock } = this.#parts;
    for (let next = this.#next(); next !== null; next = this.#next()) {
      const began = clock();
      await start(next);
      await pause(clock() - began);
    }
    this.#isWorking = false;
  }

  /** Of the account whose turn it is; it goes to the end of the line. */
  #next(): string | null {
    const [turn] = this.#waiting;
    if (turn === undefined) return null;
    const [accountId, functions] = turn;
    const [functionId] = functions;
    this.#waiting.delete(accountId);
    if (functionId === undefined) return this.#next();
    functions.delete(functionId);
    if (functions.size > 0) this.#waiting.set(accountId, functions);
    return functionId;
  }
}
