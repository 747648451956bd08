// A wire between a Millrace and its PostgreSQL that can be cut, stopped, slowed, or cut at a chosen word: for
// the fault tests. Knows of PostgreSQL's protocol only that statements travel as text.
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** `refuse`: no connection, old or new. `silence`: all stay open, nothing gets through. */
export type Wire = 'pass' | 'refuse' | 'silence';

type Pair = { near: Socket; far: Socket; isStale: boolean };

/**
 * Where the text that is waited for cuts its connection: before the database has it, or when its answer
 * comes.
 */
export type Cut = { text: string; at: 'statement' | 'answer'; times: number };

export class DatabaseProxy {
  #socketPath: string;
  readonly #server = createServer((near) => this.#accept(near));
  readonly #pairs = new Set<Pair>();
  #wire: Wire = 'pass';
  #delayMs = 0;
  #cut: Cut | null = null;
  /** Connections that were cut at a word. */
  cuts = 0;

  private constructor(socketPath: string) {
    this.#socketPath = socketPath;
  }

  /** @param url of a PostgreSQL on a Unix socket */
  static async open(url: string): Promise<DatabaseProxy> {
    const proxy = new DatabaseProxy(socketOf(url));
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  /** For MILLRACE_DATABASE_URL. */
  get url(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `postgres://millrace@127.0.0.1:${port}/postgres`;
  }

  /** To another PostgreSQL from now on: what an address does that follows the primary. */
  lead(url: string): void {
    this.#socketPath = socketOf(url);
    for (const pair of this.#pairs) end(pair);
  }

  set(wire: Wire): void {
    this.#wire = wire;
    for (const pair of this.#pairs) {
      if (wire === 'refuse') end(pair);
      else this.#flow(pair);
    }
  }

  /** The connections of now go silent for ever; new ones pass. As a firewall does that has forgotten them. */
  forget(): void {
    for (const pair of this.#pairs) {
      pair.isStale = true;
      this.#flow(pair);
    }
  }

  /** Every message takes so much longer, each way. */
  slowDown(delayMs: number): void {
    this.#delayMs = delayMs;
  }

  cutAt(cut: Cut): void {
    this.#cut = { ...cut };
    this.cuts = 0;
  }

  async close(): Promise<void> {
    for (const pair of this.#pairs) end(pair);
    this.#server.close();
    await once(this.#server, 'close');
  }

  #accept(near: Socket): void {
    near.on('error', () => {});
    if (this.#wire === 'refuse') {
      near.destroy();
      return;
    }
    const far = connect(this.#socketPath);
    far.on('error', () => {});
    const pair: Pair = { near, far, isStale: false };
    this.#pairs.add(pair);
    for (const side of [near, far]) {
      side.setNoDelay(true);
      side.on('close', () => {
        this.#pairs.delete(pair);
        end(pair);
      });
    }
    near.on('data', (chunk: Buffer) => this.#toDatabase(pair, chunk));
    far.on('data', (chunk: Buffer) => this.#pass(pair, near, chunk));
    this.#flow(pair);
  }

  #toDatabase(pair: Pair, chunk: Buffer): void {
    const cut = this.#cut;
    if (cut !== null && cut.times > 0 && chunk.includes(cut.text)) {
      cut.times -= 1;
      this.cuts += 1;
      if (cut.at === 'statement') {
        end(pair);
        return;
      }
      pair.far.removeAllListeners('data');
      pair.far.on('data', () => end(pair));
    }
    this.#pass(pair, pair.far, chunk);
  }

  #pass(pair: Pair, to: Socket, chunk: Buffer): void {
    if (this.#delayMs === 0) to.write(chunk);
    else setTimeout(() => pair.near.destroyed || to.write(chunk), this.#delayMs);
  }

  #flow(pair: Pair): void {
    const isOpen = this.#wire === 'pass' && !pair.isStale;
    for (const side of [pair.near, pair.far]) {
      if (isOpen) side.resume();
      else side.pause();
    }
  }
}

function socketOf(url: string): string {
  return `${new URL(url).searchParams.get('host') ?? ''}/.s.PGSQL.5432`;
}

function end({ near, far }: Pair): void {
  near.destroy();
  far.destroy();
}
