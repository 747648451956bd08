// The streams that this node has open: so many an account and at all, each ended when the node stops.
// Called by the endpoints of streams.
import { fail } from '../errors/failure.ts';
import { EventStream, type StreamLimits } from '../http/event-stream.ts';

export type OpenStreamsParts = {
  limits: StreamLimits;
  /** Of one account, and of all. */
  perAccount: number;
  atAll: number;
};

export class OpenStreams {
  readonly #parts: OpenStreamsParts;
  readonly #open = new Map<EventStream, string>();

  constructor(parts: OpenStreamsParts) {
    this.#parts = parts;
  }

  /** @throws Failure `too_many_requests` */
  open(accountId: string): EventStream {
    const { perAccount, atAll, limits } = this.#parts;
    const own = [...this.#open.values()].filter((other) => other === accountId).length;
    if (own >= perAccount || this.#open.size >= atAll) {
      const limit = own >= perAccount ? perAccount : atAll;
      const message = `${limit} streams are open: end one, or try again later`;
      fail('too_many_requests', { message, facts: { limit, retryAfterS: 10 } });
    }
    const stream = new EventStream(limits);
    this.#open.set(stream, accountId);
    stream.onClose(() => this.#open.delete(stream));
    return stream;
  }

  /** Readers come again, to another node as a rule. */
  endAll(): void {
    for (const stream of this.#open.keys()) stream.end();
  }
}
