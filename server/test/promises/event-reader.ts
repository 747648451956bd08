// Reads server-sent events as a client does, for promises: a request that goes on, its events in order.
import { until } from '../until.ts';
import type { Customer } from './customer.ts';

export type ReadEvent = { event: string; id: string | null; data: Record<string, unknown>; atMs: number };

export class EventReader {
  readonly events: ReadEvent[] = [];
  /** Resolves when the server has ended it, or this side has. */
  readonly ended: Promise<void>;
  readonly #stop = new AbortController();

  private constructor(body: ReadableStream<Uint8Array>, stop: AbortController) {
    this.#stop = stop;
    this.ended = this.#read(body).catch(() => {});
  }

  static async open(customer: Customer, path: string, lastEventId?: string): Promise<EventReader> {
    const stop = new AbortController();
    const answer = await customer.request(`/millrace/v1${path}`, {
      headers: lastEventId === undefined ? {} : { 'last-event-id': lastEventId },
      signal: stop.signal,
    });
    if (answer.status !== 200 || answer.body === null)
      throw new Error(`${answer.status} ${await answer.text()}`);
    return new EventReader(answer.body, stop);
  }

  /** Waits for an event. */
  async next(what: string, isIt: (event: ReadEvent) => boolean): Promise<ReadEvent> {
    let found: ReadEvent | undefined;
    await until(what, async () => {
      found = this.events.find(isIt);
      return found !== undefined;
    });
    return found as ReadEvent;
  }

  close(): void {
    this.#stop.abort();
  }

  async #read(body: ReadableStream<Uint8Array>): Promise<void> {
    let text = '';
    const decoder = new TextDecoder();
    for await (const chunk of body) {
      text += decoder.decode(chunk, { stream: true });
      const blocks = text.split('\n\n');
      text = blocks.pop() ?? '';
      for (const block of blocks) this.#take(block);
    }
  }

  #take(block: string): void {
    const field = (name: string): string | null =>
      block
        .split('\n')
        .find((line) => line.startsWith(`${name}: `))
        ?.slice(name.length + 2) ?? null;
    const event = field('event');
    if (event === null) return;
    this.events.push({ event, id: field('id'), data: JSON.parse(field('data') ?? '{}'), atMs: Date.now() });
  }
}
