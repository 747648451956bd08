// Talks with the builder in a build jail (runtimes/builder/build.cjs): asks for a lock, then for the packages
// or not. Whatever comes is a stranger's word: bounded, and judged by the one who called. Called by
// build-set.ts.
import type { Duplex } from 'node:stream';
import { z } from 'zod';
import { BUILD_STEPS, type BuildStep } from './build.ts';

/** A lock of the most packages that are thinkable. */
const LINE_BYTES = 32 * 1024 * 1024;

export type BuildLimits = { layerBytes: number; layerEntries: number };
/** Of build.py. */
export type PipOrder = { requirements: string; index: string; limits: BuildLimits };
export type BuildOrder = {
  dependencies: Record<string, string>;
  registry: string;
  /** Names of the packages whose install scripts are run. */
  scripts: readonly string[];
  limits: BuildLimits;
};

const messageSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('lock'), lock: z.string() }),
  z.object({ type: z.literal('layer') }),
  z.object({ type: z.literal('failed'), step: z.enum(BUILD_STEPS), message: z.string().max(64 * 1024) }),
]);
type Message = z.infer<typeof messageSchema>;

/** The builder, or what it builds, says why it can't go on. */
export class BuildRefusal extends Error {
  readonly step: BuildStep;

  constructor(step: BuildStep, message: string) {
    super(message);
    this.name = 'BuildRefusal';
    this.step = step;
  }
}

/** The jail ended in the middle of a word: its exit says why. */
export class ConversationOver extends Error {}

export class BuildConversation {
  readonly #control: Duplex;
  readonly #chunks: AsyncIterator<Buffer>;
  #held: Buffer = Buffer.alloc(0);

  constructor(control: Duplex) {
    this.#control = control;
    this.#chunks = control[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  }

  /** @returns the text of package-lock.json, or what pip has. @throws BuildRefusal, ConversationOver */
  async resolve(order: BuildOrder | PipOrder): Promise<string> {
    this.#control.write(`${JSON.stringify(order)}\n`);
    const message = await this.#message();
    if (message.type !== 'lock') throw refusalOf(message);
    return message.lock;
  }

  /** @returns a zip, unchecked. @throws BuildRefusal, ConversationOver */
  async install(limitBytes: number): Promise<Buffer> {
    this.#control.write('{"type":"install"}\n');
    const message = await this.#message();
    if (message.type !== 'layer') throw refusalOf(message);
    const chunks = [this.#held];
    let bytes = this.#held.length;
    for (let chunk = await this.#next(); chunk !== null; chunk = await this.#next()) {
      bytes += chunk.length;
      if (bytes > limitBytes)
        throw new BuildRefusal('pack', `the packages take more than ${limitBytes} bytes`);
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  }

  async #message(): Promise<Message> {
    for (let end = this.#held.indexOf(10); ; end = this.#held.indexOf(10)) {
      if (end !== -1) {
        const line = this.#held.toString('utf8', 0, end);
        this.#held = this.#held.subarray(end + 1);
        return readMessage(line);
      }
      const chunk = await this.#next();
      if (chunk === null) throw new ConversationOver();
      if (this.#held.length + chunk.length > LINE_BYTES)
        throw new BuildRefusal('resolve', 'the lock is too large');
      this.#held = Buffer.concat([this.#held, chunk]);
    }
  }

  async #next(): Promise<Buffer | null> {
    const { value, done } = await this.#chunks.next();
    return done === true ? null : value;
  }
}

function refusalOf(message: Message): BuildRefusal {
  if (message.type === 'failed') return new BuildRefusal(message.step, message.message);
  return new BuildRefusal('platform', `the builder said ${message.type} out of turn`);
}

/** Scripts that run beside the builder can say anything in its name. */
function readMessage(line: string): Message {
  try {
    return messageSchema.parse(JSON.parse(line));
  } catch (error) {
    throw new BuildRefusal('platform', `the builder can't be understood (${(error as Error).name})`);
  }
}
