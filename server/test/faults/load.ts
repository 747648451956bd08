// Senders who publish events, deliver webhooks and call functions without waiting, all at once, and write
// down what they were answered. One who can name their cause (an event's id, a signed webhook's) asks again
// until they are answered, as real senders do.
import { randomBytes } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import type { Cause, CauseKind } from './history.ts';

export type Aim = {
  /** Addresses of nodes, without a trailing slash; looked at before each request. */
  doors(): readonly string[];
  token: string;
  functionId: string;
  /** Paths of the webhooks: one that takes anything, one that is verified as Standard Webhooks. */
  hookPath: string;
  signedHookPath: string;
  /** Notation that the function listens to. */
  eventType: string;
};

export const WEBHOOK_SECRET = `whsec_${Buffer.from('the faults share one signing key').toString('base64')}`;

const KINDS: readonly CauseKind[] = ['event', 'signed webhook', 'webhook', 'async call'];
const REQUEST_TIMEOUT_MS = 20_000;
const RETRY_PAUSE_MS = 100;

export type LoadOptions = {
  senders?: number;
  /** Of each sender, between two causes. */
  pauseMs?: number;
  kinds?: readonly CauseKind[];
};

export class Load {
  readonly causes: Cause[] = [];
  /** Answers by status, and requests that had none. */
  readonly answers = new Map<string, number>();
  /** Longest time in which nothing was accepted. ms */
  longestSilenceMs = 0;
  readonly #aim: Aim;
  readonly #options: Required<LoadOptions>;
  readonly #name = randomBytes(4).toString('hex');
  readonly #sending: Promise<void>[];
  #accepted = 0;
  #lastAcceptedAt = performance.now();
  #count = 0;
  #isStopping = false;

  constructor(aim: Aim, { senders = 6, pauseMs = 30, kinds = KINDS }: LoadOptions = {}) {
    this.#aim = aim;
    this.#options = { senders, pauseMs, kinds };
    this.#sending = Array.from({ length: senders }, () => this.#send());
  }

  get accepted(): number {
    return this.#accepted;
  }

  /** Resolves when so many more have been accepted. @throws Error when they are not within the patience */
  async further(count: number, patienceMs = 90_000): Promise<void> {
    const wanted = this.#accepted + count;
    for (const giveUpAt = performance.now() + patienceMs; this.#accepted < wanted; await sleep(20)) {
      if (performance.now() > giveUpAt) {
        throw new Error(`nothing more is accepted: ${JSON.stringify([...this.answers])}`);
      }
    }
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    await Promise.all(this.#sending);
  }

  async #send(): Promise<void> {
    const { kinds, pauseMs } = this.#options;
    while (!this.#isStopping) {
      const number = this.#count++;
      const kind = kinds[number % kinds.length] as CauseKind;
      const cause: Cause = { key: `${this.#name}-${number}`, kind, answer: 'unknown', runIds: [] };
      this.causes.push(cause);
      await this.#ask(cause);
      await sleep(pauseMs);
    }
  }

  async #ask(cause: Cause): Promise<void> {
    const mayRepeat = cause.kind === 'event' || cause.kind === 'signed webhook';
    // Also after the end is wanted: a named cause is only given up when the sender has lost patience.
    for (let tries = 0; tries < 300; tries += 1) {
      await this.#askOnce(cause);
      if (cause.answer === 'accepted' || !mayRepeat) return;
      await sleep(RETRY_PAUSE_MS);
    }
  }

  async #askOnce(cause: Cause): Promise<void> {
    let status = 'no answer';
    try {
      const answer = await this.#request(cause);
      const text = await answer.text();
      status = String(answer.status);
      if (answer.ok) {
        cause.runIds = runIdsOf(answer, text);
        cause.answer = 'accepted';
        this.#noteAccepted();
      } else cause.answer = 'refused';
    } catch {
      cause.answer = 'unknown';
    }
    this.answers.set(status, (this.answers.get(status) ?? 0) + 1);
  }

  #noteAccepted(): void {
    const now = performance.now();
    this.longestSilenceMs = Math.max(this.longestSilenceMs, now - this.#lastAcceptedAt);
    this.#lastAcceptedAt = now;
    this.#accepted += 1;
  }

  #request({ kind, key }: Cause): Promise<Response> {
    const doors = this.#aim.doors();
    const door = doors[Math.floor(Math.random() * doors.length)] ?? 'http://127.0.0.1:1';
    const { path, body, headers } = this.#message(kind, key);
    return fetch(`${door}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    });
  }

  #message(kind: CauseKind, key: string): { path: string; body: string; headers: Record<string, string> } {
    const { token, functionId, eventType, hookPath, signedHookPath } = this.#aim;
    const body = JSON.stringify({ key });
    const authorization = `Bearer ${token}`;
    if (kind === 'event') {
      const event = { id: key, type: eventType, item_id: key, data: { key } };
      return { path: '/millrace/v1/events', body: JSON.stringify(event), headers: { authorization } };
    }
    if (kind === 'async call') {
      const headers = { authorization, prefer: 'respond-async' };
      return { path: `/millrace/v1/functions/${functionId}/runs`, body, headers };
    }
    if (kind === 'webhook') return { path: hookPath, body, headers: {} };
    return { path: signedHookPath, body, headers: signature(key, body) };
  }
}

function signature(key: string, body: string): Record<string, string> {
  const now = new Date();
  return {
    'webhook-id': key,
    'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
    'webhook-signature': new Webhook(WEBHOOK_SECRET).sign(key, now, body),
  };
}

function runIdsOf(answer: Response, text: string): string[] {
  const header = answer.headers.get('x-run-id');
  if (header !== null) return [header];
  const told = JSON.parse(text) as { id?: string; data?: { runs: string[] }[] };
  return told.data?.flatMap(({ runs }) => runs) ?? (told.id === undefined ? [] : [told.id]);
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
