// Whose calls they are: puts what the kernel saw of one sandbox to the runs that were in it, by time. Pure
// but for what it remembers. Called by call-tracker.ts.
//
// A connection belongs to the runs that go on when it begins, as a rule one; else to the last that has ended.
// What goes over it later, in other runs, is theirs, and marked.
import { CALL_PHASES, type CallPhase, MOST_CALLS, type RunSpan, type SeenCalls } from './outgoing-call.ts';
import type { WatchLine } from './watch-line.ts';
import {
  abandon,
  type Connection,
  callsOf,
  clear,
  isEmpty,
  isFull,
  type KnownCalls,
  laterCall,
  newWatched,
  type Placed,
  type Watched,
} from './watched-run.ts';

type Line<What extends WatchLine['what']> = Extract<WatchLine, { what: What }>;

/** Names that a resolver gave, the newest. */
const MOST_NAMES = 512;
const MOST_CONNECTIONS = 512;
/** Runs that have ended and may be who a late line is about. */
const MOST_PAST = 64;
/** A resolver's port: that names are asked for isn't shown. */
const NAMES_PORT = 53;

export class SandboxCalls {
  readonly #active = new Set<Watched>();
  readonly #past: Watched[] = [];
  /** What began before the first run: while the code was loaded. */
  #before: Watched | null = null;
  readonly #names = new Map<string, string>();
  readonly #connections = new Map<string, Connection>();
  #isIncomplete = false;

  begin(span: RunSpan): void {
    const watched = newWatched(span);
    if (this.#before !== null) {
      watched.connections = this.#before.connections;
      watched.refusals = this.#before.refusals;
      this.#before = null;
    }
    this.#active.add(watched);
  }

  /** @returns whether there may be something to write of it */
  end(span: RunSpan): boolean {
    const watched = [...this.#active].find((one) => one.span === span);
    if (watched === undefined) return false;
    this.#active.delete(watched);
    this.#past.push(watched);
    for (; this.#past.length > MOST_PAST; this.#past.shift()) abandon(this.#past[0]);
    watched.isDue = !isEmpty(watched);
    return watched.isDue || this.#connections.size > 0;
  }

  has(runId: string): boolean {
    return [...this.#active, ...this.#past].some(({ span }) => span?.runId === runId);
  }

  /** @returns whether it is about a run that has ended */
  take(line: WatchLine): boolean {
    if (line.what === 'lost') this.#isIncomplete = true;
    else if (line.what === 'named') this.#learn(line);
    else if (line.what === 'begun') return this.#begun(line);
    else if (line.what === 'refused') return this.#refused(line);
    else if (line.what === 'open' || line.what === 'ended') return this.#measure(line);
    return false;
  }

  /** @returns what is known of runs that have ended, once */
  settle(): SeenCalls[] {
    const due = this.#past.filter((watched) => watched.isDue);
    const seen: SeenOf = new Map(due.map((watched) => [watched, callsOf(watched, this.#names)]));
    for (const watched of due) clear(watched);
    this.#chargeLater(seen);
    for (const [id, connection] of this.#connections)
      if (connection.endedAtMs !== null && connection.isCounted) this.#connections.delete(id);
    const isIncomplete = this.#isIncomplete && seen.size > 0;
    if (isIncomplete) this.#isIncomplete = false;
    return [...seen].flatMap(([{ span }, known]) =>
      span === null || (known.calls.length + known.leftOut === 0 && !isIncomplete)
        ? []
        : [{ span, ...known, isIncomplete }],
    );
  }

  #learn({ host, addresses }: Line<'named'>): void {
    for (const address of addresses) {
      this.#names.delete(address);
      this.#names.set(address, host);
    }
    for (const oldest of this.#names.keys()) {
      if (this.#names.size <= MOST_NAMES) break;
      this.#names.delete(oldest);
    }
  }

  #begun(line: Line<'begun'>): boolean {
    if (line.port === NAMES_PORT) return false;
    const { protocol, address, port, atMs } = line;
    if (this.#connections.size >= MOST_CONNECTIONS) {
      this.#isIncomplete = true;
      return false;
    }
    const connection: Connection = {
      ...{ protocol, address, port, atMs, host: this.#names.get(address) ?? null },
      ...{ sent: 0, received: 0, countedBytes: { sent: 0, received: 0 } },
      ...{ isCounted: false, isMeasured: false, endedAtMs: null },
    };
    this.#connections.set(line.connection, connection);
    return this.#give(atMs, (watched, placed) => {
      // No run's to show, from its beginning.
      connection.isCounted = isFull(watched);
      if (connection.isCounted) watched.leftOut += 1;
      else watched.connections.push({ connection, ...placed });
    });
  }

  #refused({ protocol, address, port, atMs }: Line<'refused'>): boolean {
    const key = `${protocol} ${address} ${port}`;
    return this.#give(atMs, (watched, placed) => {
      const known = watched.refusals.get(key);
      if (known !== undefined) known.times += 1;
      else if (isFull(watched)) watched.leftOut += 1;
      else watched.refusals.set(key, { protocol, address, port, atMs, times: 1, ...placed });
    });
  }

  #measure({ connection: id, sent, received, atMs, what }: Line<'open' | 'ended'>): boolean {
    const connection = this.#connections.get(id);
    if (connection === undefined) return false;
    Object.assign(connection, { sent, received, isMeasured: true });
    if (what === 'ended') connection.endedAtMs = atMs;
    return what === 'ended' && this.#active.size === 0;
  }

  /** @returns whether one that it belongs to has ended */
  #give(atMs: number, add: (watched: Watched, placed: Placed) => void): boolean {
    const { owners, phase } = this.#ownersAt(atMs);
    for (const [at, owner] of owners.entries()) {
      add(owner, { phase, isShared: owners.length > 1, isRepeated: at > 0 });
      if (owner.span !== null && owner.span.endedAtMs !== null) owner.isDue = true;
    }
    return owners.some(({ isDue }) => isDue);
  }

  #ownersAt(atMs: number): { owners: Watched[]; phase: CallPhase } {
    const [init, run, after] = CALL_PHASES;
    const going = [...this.#past, ...this.#active].filter(
      ({ span }) => span !== null && span.startedAtMs <= atMs && (span.endedAtMs ?? atMs) >= atMs,
    );
    if (going.length > 0) return { owners: going, phase: run };
    const last = this.#past.findLast(({ span }) => (span?.endedAtMs ?? 0) <= atMs) ?? this.#past.at(-1);
    if (last !== undefined) return { owners: [last], phase: after };
    const [first] = this.#active;
    this.#before ??= first === undefined ? newWatched(null) : null;
    const owner = first ?? this.#before;
    return { owners: owner === null ? [] : [owner], phase: init };
  }

  /** What went over connections that are some earlier run's: to the last run that has ended since. */
  #chargeLater(seen: SeenOf): void {
    const since = this.#past.filter(({ isSettled }) => !isSettled);
    for (const watched of since) watched.isSettled = true;
    const last = since.at(-1);
    const isShared = since.length > 1 || this.#active.size > 0;
    for (const connection of last === undefined ? [] : this.#connections.values()) {
      const call = laterCall(connection, last as Watched, isShared);
      if (call === null) continue;
      const known = seen.get(last as Watched) ?? { calls: [], repeated: new Set(), leftOut: 0 };
      seen.set(last as Watched, known);
      if (known.calls.length >= MOST_CALLS) known.leftOut += 1;
      else known.calls.push(call);
    }
  }
}

type SeenOf = Map<Watched, KnownCalls>;
