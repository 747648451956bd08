// Says that runs are waiting: to the worker of this process at once, to other nodes by NOTIFY where there are
// any. Several calls close together are one. A NOTIFY takes a lock over the whole database at commit, so it
// is said outside of the transactions that accept runs. A call that gets lost costs time, not a run: workers
// also look by themselves.
import type { Logger } from 'pino';
import type { Sql } from '../postgres/database.ts';

/** PostgreSQL channel; the payload is the node that says it. */
export const WAKE_CHANNEL = 'millrace_runs_queued';

/** Least time between two notifications. ms */
const NOTIFY_PAUSE_MS = 5;

type Parts = {
  sql: Sql;
  log: Logger;
  node(): string;
  /** Other nodes that execute queued runs. */
  others(): number;
};

export class WakeCall {
  readonly #parts: Parts;
  readonly #listeners: (() => void)[] = [];
  #notifying: NodeJS.Timeout | null = null;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** @param listener must return at once */
  onCall(listener: () => void): void {
    this.#listeners.push(listener);
  }

  call(): void {
    this.#announce();
    if (this.#parts.others() === 0 || this.#notifying !== null) return;
    this.#notifying = setTimeout(() => void this.#notify(), NOTIFY_PAUSE_MS);
  }

  /** Another node has said it. @param node which */
  heard(node: string): void {
    if (node !== this.#parts.node()) this.#announce();
  }

  close(): void {
    if (this.#notifying !== null) clearTimeout(this.#notifying);
  }

  #announce(): void {
    for (const listener of this.#listeners) listener();
  }

  async #notify(): Promise<void> {
    this.#notifying = null;
    try {
      await this.#parts.sql.query('select pg_notify($1, $2)', [WAKE_CHANNEL, this.#parts.node()]);
    } catch (error) {
      this.#parts.log.warn({ err: error }, 'other nodes could not be notified of waiting runs');
    }
  }
}
