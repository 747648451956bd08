// A customer who subscribes to events, publishes them, and looks at what became of them: for promises.
import assert from 'node:assert/strict';
import { Customer } from './customer.ts';

export type Json = Record<string, unknown>;
export type Subscription = Json & { event_subscription_id: string; url: string };
export type EventView = Json & { event_id: string; status: string; url: string };
export type Page = {
  data: EventView[];
  next_page_after_item: string | null;
  previous_page_before_item: string | null;
};

export const PATIENCE_MS = 20_000;

export class Subscriber extends Customer {
  post<T>(url: string, body?: unknown): Promise<T> {
    return this.json<T>(url, body === undefined ? { method: 'POST' } : posted(body));
  }

  subscribe(fields: Json): Promise<Subscription> {
    const usual = { method: 'http', format: 'json', active: true };
    return this.post('/api/v1/event_subscriptions?timezone=UTC', { ...usual, ...fields });
  }

  publish(type: string, data: Json, more: Json = {}): Promise<unknown> {
    return this.post('/millrace/v1/events', { type, item_id: 'i1', data, ...more });
  }

  event(url: string): Promise<EventView> {
    return this.json(`${url}?debug=true&expand=event_subscription`);
  }

  /** A request that must be refused with the envelope. */
  async refused(url: string, body: unknown): Promise<{ status: number; message: string }> {
    const answer = await this.request(url, posted(body));
    const { error } = (await answer.json()) as { error: { message: string; status: number } };
    assert.equal(error.status, answer.status);
    return { status: answer.status, message: error.message };
  }

  /** The newest delivery of a subscription, once it has the status; another final status is an error. */
  async delivery({ event_subscription_id: id }: Subscription, status: string): Promise<EventView> {
    for (const giveUpAt = Date.now() + PATIENCE_MS; ; ) {
      const [one] = (await this.json<Page>(`/api/v1/events?event_subscription_id=${id}`)).data;
      if (one?.status === status) return await this.event(one.url);
      const isOver = one !== undefined && ['delivered', 'failed'].includes(one.status);
      assert.ok(!isOver && Date.now() < giveUpAt, `${status} is not reached: ${JSON.stringify(one)}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

function posted(body: unknown): RequestInit {
  return { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}
