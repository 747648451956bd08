// The streams that this node has open: so many an account and at all, each ended when the node stops, or soon
// after its reader may no longer read: who calls is found anew for every request, and a stream is a long one.
// Called by the endpoints of streams.
import { fail } from '../errors/failure.ts';
import { EventStream, type StreamLimits } from '../http/event-stream.ts';

export type OpenStreamsParts = {
  limits: StreamLimits;
  /** Of one account, and of all. */
  perAccount: number;
  atAll: number;
  onError(error: unknown): void;
};

/** Whether who opened a stream may still read it. */
export type MayGoOn = () => Promise<boolean>;

type OpenStream = { accountId: string; mayGoOn: MayGoOn; isAsking: boolean };

/** A session that is ended counts within a second where it is asked for; a stream within two. */
const ASK_EVERY_MS = 1_000;

export class OpenStreams {
  readonly #parts: OpenStreamsParts;
  readonly #open = new Map<EventStream, OpenStream>();
  #timer: NodeJS.Timeout | null = null;

  constructor(parts: OpenStreamsParts) {
    this.#parts = parts;
  }

  /** @throws Failure `too_many_requests` */
  open(accountId: string, mayGoOn: MayGoOn): EventStream {
    const { perAccount, atAll, limits } = this.#parts;
    const own = [...this.#open.values()].filter((other) => other.accountId === accountId).length;
    if (own >= perAccount || this.#open.size >= atAll) {
      const limit = own >= perAccount ? perAccount : atAll;
      const message = `${limit} streams are open: end one, or try again later`;
      fail('too_many_requests', { message, facts: { limit, retryAfterS: 10 } });
    }
    const stream = new EventStream(limits);
    this.#open.set(stream, { accountId, mayGoOn, isAsking: false });
    this.#timer ??= setInterval(() => this.#ask(), ASK_EVERY_MS);
    stream.onClose(() => this.#forget(stream));
    return stream;
  }

  /** Readers come again, to another node as a rule. */
  endAll(): void {
    for (const stream of this.#open.keys()) stream.end();
  }

  #forget(stream: EventStream): void {
    this.#open.delete(stream);
    if (this.#open.size > 0 || this.#timer === null) return;
    clearInterval(this.#timer);
    this.#timer = null;
  }

  #ask(): void {
    for (const [stream, open] of this.#open) {
      if (open.isAsking || stream.isOver) continue;
      open.isAsking = true;
      open
        .mayGoOn()
        .then((may) => {
          if (!may) stream.end();
        })
        // It isn't known: the reader comes again, and is asked who it is.
        .catch((error: unknown) => {
          this.#parts.onError(error);
          stream.end();
        })
        .finally(() => {
          open.isAsking = false;
        });
    }
  }
}
