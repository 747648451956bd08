// Keeps connections that wait for their jail until all three are there. Bounded: what isn't asked for in time
// is closed. Called by supervisor.ts.
import type { Socket } from 'node:net';
import { type ChannelName, channelNames } from '../contract/supervisor-requests.ts';
import type { Channels } from './jail.ts';

/**
 * From the first of three connections to the `start` request, or the other way round; all come from one
 * process.
 */
const TOGETHER_WITHIN_MS = 10_000;
const MOST_WAITING = 256;

type Waiting = {
  sockets: Map<ChannelName, Socket>;
  complete: PromiseWithResolvers<Channels>;
  timer: NodeJS.Timeout;
};

export class PendingChannels {
  private readonly waiting = new Map<string, Waiting>();

  /** A connection that introduced itself. A second one for the same channel is closed. */
  offer(id: string, channel: ChannelName, socket: Socket): void {
    const waiting = this.waitingFor(id);
    if (waiting === null || waiting.sockets.has(channel)) {
      socket.destroy();
      return;
    }
    waiting.sockets.set(channel, socket);
    const { control, stdout, stderr } = Object.fromEntries(waiting.sockets) as Partial<Channels>;
    if (control === undefined || stdout === undefined || stderr === undefined) return;
    clearTimeout(waiting.timer);
    waiting.complete.resolve({ control, stdout, stderr });
  }

  /** @throws Error when they don't come in time */
  async take(id: string): Promise<Channels> {
    const waiting = this.waitingFor(id);
    if (waiting === null) throw new Error(`over ${MOST_WAITING} sandboxes wait for their channels`);
    try {
      return await waiting.complete.promise;
    } finally {
      this.waiting.delete(id);
    }
  }

  private waitingFor(id: string): Waiting | null {
    const known = this.waiting.get(id);
    if (known !== undefined) return known;
    if (this.waiting.size >= MOST_WAITING) return null;
    const waiting: Waiting = {
      sockets: new Map(),
      complete: Promise.withResolvers<Channels>(),
      timer: setTimeout(() => this.giveUp(id), TOGETHER_WITHIN_MS),
    };
    // Channels may be given up before anybody asks for them.
    waiting.complete.promise.catch(() => {});
    this.waiting.set(id, waiting);
    return waiting;
  }

  private giveUp(id: string): void {
    const waiting = this.waiting.get(id);
    if (waiting === undefined) return;
    this.waiting.delete(id);
    for (const socket of waiting.sockets.values()) socket.destroy();
    waiting.complete.reject(
      new Error(`sandbox ${id}: ${waiting.sockets.size} of ${channelNames.length} channels came`),
    );
  }
}
