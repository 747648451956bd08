// This node's life: a row in the database whose lease is renewed several times before it would pass. A
// background service.
//
//   born --renewed--> alive --row gone (others took its runs)--> lost: a new life begins, under a new id
//
// A node that was stopped for a while (SIGSTOP, a network cut off) learns here that its claims are others' by
// now.
import { randomBytes } from 'node:crypto';
import type { Logger } from 'pino';
import type { Sql } from '../postgres/database.ts';
import { deleteFormerLives, deleteNode, insertNode, renewLease } from './node-store.ts';

/** Renewals in the time of one lease. */
const RENEWALS = 4;

export type NodeLifeParts = {
  /** Best on connections that nothing else waits for. */
  sql: Sql;
  place: string;
  roles: readonly string[];
  leaseMs: number;
  /** Of the master key that it was started with. */
  keyMark?: string;
  log: Logger;
};

export class NodeLife {
  readonly #parts: NodeLifeParts;
  readonly #onLost: (() => void)[] = [];
  #id: string;
  #others = 0;
  #timer: NodeJS.Timeout | null = null;
  #renewing: Promise<void> = Promise.resolve();

  private constructor(parts: NodeLifeParts) {
    this.#parts = parts;
    this.#id = newLifeId(parts.place);
  }

  /** Resolves once the life is written, and former ones of the same place are ended. */
  static async begin(parts: NodeLifeParts): Promise<NodeLife> {
    const life = new NodeLife(parts);
    await life.#write();
    await deleteFormerLives(parts.sql, { id: life.#id, place: parts.place });
    life.#timer = setInterval(() => life.renew(), parts.leaseMs / RENEWALS);
    return life;
  }

  /** `<host>/<installation>/<random>` */
  get id(): string {
    return this.#id;
  }

  /** Other nodes that execute queued runs, as of the last renewal. */
  get others(): number {
    return this.#others;
  }

  /** Called when this node's claims have gone to others. */
  onLost(listener: () => void): void {
    this.#onLost.push(listener);
  }

  /** Resolves when the lease is renewed, or could not be. */
  renew(): Promise<void> {
    this.#renewing = this.#renewing
      .then(() => this.#renew())
      .catch((error: unknown) =>
        this.#parts.log.warn({ err: error }, "this node's lease could not be renewed"),
      );
    return this.#renewing;
  }

  /** Its claims must be settled or handed back by now. */
  async end(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer);
    await this.#renewing;
    await deleteNode(this.#parts.sql, this.#id);
  }

  async #renew(): Promise<void> {
    const others = await renewLease(this.#parts.sql, this.#id, this.#parts.leaseMs);
    if (others !== null) {
      this.#others = others;
      return;
    }
    const former = this.#id;
    this.#id = newLifeId(this.#parts.place);
    await this.#write();
    this.#parts.log.warn({ former, node: this.#id }, 'this node has lost its lease: it registers again');
    for (const listener of this.#onLost) listener();
  }

  #write(): Promise<void> {
    const { sql, leaseMs, log: _, ...node } = this.#parts;
    return insertNode(sql, { ...node, id: this.#id }, leaseMs);
  }
}

function newLifeId(place: string): string {
  return `${place}/${randomBytes(6).toString('hex')}`;
}
