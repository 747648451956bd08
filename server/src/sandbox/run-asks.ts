// What one run asks of the platform (ASK and REPLY of contract/frames.cjs): checks every question, answers
// one after the other, and refuses what is too much. Believes nothing: strangers' code writes these frames as
// it likes, and what it gains by that is the end of its own run. Owned by an instance, one for each run.
import type { AskHead } from '../../../contract/frames.cjs';
import * as frames from '../../../contract/frames.cjs';
import { Failure, fail } from '../errors/failure.ts';

export type AskSettings = {
  /** What may be asked; everything else is refused. */
  names: ReadonlySet<string>;
  /** Questions of one run, and the bytes of their arguments, all together. */
  limits: { asks: number; bytes: number };
  /** @throws Failure: what the function gets */
  answer(name: string, args: readonly unknown[]): Promise<unknown>;
  /** Called with what went wrong on our side. */
  onDefect(error: unknown): void;
};

/** Refusals that an honest runtime may meet; one that goes on is ended. */
const MOST_REFUSALS = 100;

type Question = AskHead & { body: Buffer };

export class RunAsks {
  readonly #settings: AskSettings;
  readonly #reply: (head: string, body: string) => void;
  readonly #waiting: Question[] = [];
  #isAnswering = false;
  #isOver = false;
  #inFlight = 0;
  #inFlightBytes = 0;
  #asked = 0;
  #askedBytes = 0;
  #refusals = 0;

  /** @param reply sends a REPLY of the run: head and body as JSON */
  constructor(settings: AskSettings, reply: (head: string, body: string) => void) {
    this.#settings = settings;
    this.#reply = reply;
  }

  /**
   * @param payload of an ASK
   * @throws FrameError when it is no question, or one too many after many refusals
   */
  take(payload: Buffer): void {
    const { head, body } = frames.splitPayload(payload);
    const { id, name } = readAskHead(head);
    try {
      this.#admit(name, body.length);
    } catch (error) {
      this.#refusals += 1;
      if (this.#refusals > MOST_REFUSALS) throw new frames.FrameError('too many questions that were refused');
      this.#refuse(id, error);
      return;
    }
    // A copy: the chunk that holds it may be much larger.
    this.#waiting.push({ id, name, body: Buffer.from(body) });
    if (!this.#isAnswering) void this.#answerAll();
  }

  /** The run is over: nothing is answered any more. */
  end(): void {
    this.#isOver = true;
    this.#waiting.length = 0;
  }

  #admit(name: string, sizeBytes: number): void {
    const { names, limits } = this.#settings;
    if (!names.has(name)) fail('not_found', { message: `a function can't ask for ${JSON.stringify(name)}` });
    const isFull = this.#inFlight >= frames.MOST_ASKS_IN_FLIGHT;
    if (isFull)
      fail('too_many_requests', { message: `at most ${frames.MOST_ASKS_IN_FLIGHT} questions at a time` });
    if (this.#inFlightBytes + sizeBytes > frames.ASK_LIMIT_BYTES) {
      fail('payload_too_large', { message: `questions may hold ${frames.ASK_LIMIT_BYTES} bytes at a time` });
    }
    if (this.#asked >= limits.asks || this.#askedBytes + sizeBytes > limits.bytes) {
      const message = `a run may ask ${limits.asks} times, with ${limits.bytes} bytes in all`;
      fail('too_many_requests', { message });
    }
    this.#inFlight += 1;
    this.#inFlightBytes += sizeBytes;
    this.#asked += 1;
    this.#askedBytes += sizeBytes;
  }

  /** One at a time: a run has no more of the database than one connection. */
  async #answerAll(): Promise<void> {
    this.#isAnswering = true;
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      await this.#answer(next);
      this.#inFlight -= 1;
      this.#inFlightBytes -= next.body.length;
    }
    this.#isAnswering = false;
  }

  async #answer({ id, name, body }: Question): Promise<void> {
    try {
      const result = await this.#settings.answer(name, readArguments(body));
      if (!this.#isOver) this.#reply(JSON.stringify({ id, ok: true }), JSON.stringify(result ?? null));
    } catch (error) {
      this.#refuse(id, error);
    }
  }

  #refuse(id: number, error: unknown): void {
    if (this.#isOver) return;
    if (!(error instanceof Failure)) this.#settings.onDefect(error);
    const { code, message } = error instanceof Failure ? error : DEFECT;
    this.#reply(JSON.stringify({ id, ok: false }), JSON.stringify({ code, message }));
  }
}

const DEFECT = { code: 'internal', message: 'the platform could not answer: try again' };

/** @throws FrameError */
function readAskHead(json: Buffer): AskHead {
  const head = parse(json) as Partial<AskHead> | null | undefined;
  if (!Number.isSafeInteger(head?.id) || typeof head?.name !== 'string') {
    throw new frames.FrameError('the head of a question is not one');
  }
  return { id: head.id as number, name: head.name.slice(0, 100) };
}

function readArguments(json: Buffer): readonly unknown[] {
  const args = parse(json);
  return Array.isArray(args) ? args : fail('invalid_json', { message: 'the arguments must be a list' });
}

/** @returns undefined when it is not JSON */
function parse(json: Buffer): unknown {
  try {
    return JSON.parse(json.toString());
  } catch {
    return undefined;
  }
}
