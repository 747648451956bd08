// Follows the outgoing calls of every sandbox of this node: the spine says which run is in which sandbox, the
// kernel what it does; when a run has ended, it asks for the bytes and hands over what it knows. A run
// that calls nobody costs two entries in memory. Called by runs/attempt-run.ts; composed by
// roles/open-outgoing-calls.ts.
import type { Run } from '../runs/run.ts';
import type { RunSpan, SeenCalls } from './outgoing-call.ts';
import { SandboxCalls } from './sandbox-calls.ts';
import { readWatchLine } from './watch-line.ts';

export type CallTrackerParts = {
  look(sandbox: string): void;
  onSeen(seen: SeenCalls): void;
  /** Unix time in ms. */
  clock(): number;
};

type Followed = {
  calls: SandboxCalls;
  isDue: boolean;
  /** Who waits for each answer that is on its way: they come in the order in which was asked. */
  asked: (() => void)[];
};

/** What several runs of a sandbox do within it is asked for once. */
const LOOK_AFTER_MS = 40;
/** A sandbox that has gone may still be ended by its run. */
const FORGET_AFTER_MS = 3_000;
/** How long a reader waits for what is still unknown. */
const PATIENCE_MS = 1_000;

export class CallTracker {
  readonly #parts: CallTrackerParts;
  readonly #sandboxes = new Map<string, Followed>();
  #timer: NodeJS.Timeout | null = null;
  #isWatching = false;

  constructor(parts: CallTrackerParts) {
    this.#parts = parts;
  }

  /** Without anybody who watches nothing is followed. */
  watching(is: boolean): void {
    this.#isWatching = is;
    if (is) return;
    for (const followed of this.#sandboxes.values()) this.#settle(followed);
    this.#sandboxes.clear();
  }

  /** @returns what `end` takes; null: nobody watches */
  begin(sandbox: string, run: Run): { sandbox: string; span: RunSpan } | null {
    if (!this.#isWatching) return null;
    const { id: runId, accountId, mode, functionId, attempts: attempt } = run;
    const startedAtMs = this.#parts.clock();
    const span: RunSpan = { accountId, mode, runId, functionId, attempt, startedAtMs, endedAtMs: null };
    this.#follow(sandbox).calls.begin(span);
    return { sandbox, span };
  }

  end({ sandbox, span }: { sandbox: string; span: RunSpan }): void {
    span.endedAtMs = this.#parts.clock();
    const followed = this.#sandboxes.get(sandbox);
    if (followed?.calls.end(span) === true) this.#due(followed);
  }

  take(line: string): void {
    const read = readWatchLine(line);
    if (read === null) return;
    const followed = this.#follow(read.sandbox);
    if (read.what === 'looked') this.#looked(followed);
    else if (read.what === 'gone') this.#forget(read.sandbox, followed);
    else if (followed.calls.take(read)) this.#due(followed);
  }

  /** Resolves when what can be known of a run's calls by now is handed over. */
  async settled(runId: string): Promise<void> {
    const having = [...this.#sandboxes].filter(([, { calls }]) => calls.has(runId));
    await Promise.all(having.map(([sandbox, followed]) => this.#lookNow(sandbox, followed)));
  }

  close(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.watching(false);
  }

  #follow(sandbox: string): Followed {
    const known = this.#sandboxes.get(sandbox);
    if (known !== undefined) return known;
    const followed: Followed = { calls: new SandboxCalls(), isDue: false, asked: [] };
    this.#sandboxes.set(sandbox, followed);
    return followed;
  }

  #due(followed: Followed): void {
    followed.isDue = true;
    this.#timer ??= setTimeout(() => this.#lookAtDue(), LOOK_AFTER_MS);
  }

  #lookAtDue(): void {
    this.#timer = null;
    for (const [sandbox, followed] of this.#sandboxes) {
      if (!followed.isDue) continue;
      followed.isDue = false;
      this.#look(sandbox, followed);
    }
  }

  #look(sandbox: string, followed: Followed): void {
    if (followed.asked.length > 0) {
      this.#due(followed);
      return;
    }
    followed.asked.push(() => {});
    this.#parts.look(sandbox);
  }

  async #lookNow(sandbox: string, followed: Followed): Promise<void> {
    const answered = new Promise<void>((resolve) => followed.asked.push(resolve));
    this.#parts.look(sandbox);
    const gaveUp = Promise.withResolvers<void>();
    const timer = setTimeout(gaveUp.resolve, PATIENCE_MS);
    await Promise.race([answered, gaveUp.promise]);
    clearTimeout(timer);
  }

  #looked(followed: Followed): void {
    this.#settle(followed);
    followed.asked.shift()?.();
  }

  #settle(followed: Followed): void {
    for (const seen of followed.calls.settle()) this.#parts.onSeen(seen);
  }

  #forget(sandbox: string, followed: Followed): void {
    setTimeout(() => {
      this.#settle(followed);
      if (this.#sandboxes.get(sandbox) === followed) this.#sandboxes.delete(sandbox);
    }, FORGET_AFTER_MS).unref();
  }
}
