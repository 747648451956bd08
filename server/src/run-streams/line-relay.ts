// What runs print while they go on: followed on the node that has them, where it is in memory, and relayed to
// nodes whose readers follow. Looks at followed runs alone, twenty times a second, so that a run that nobody
// follows costs nothing. Keeps no line. Called by log-stream.ts.
import type { LogLine } from '../logs/log-lines.ts';
import type { Sql } from '../postgres/database.ts';
import type { ActiveRuns } from '../runs/active-runs.ts';
import { announceFollowing, announceLines } from './line-store.ts';

/** A run's id: some node has readers of it. */
export const FOLLOW_CHANNEL = 'millrace_run_followed';
/** {@link Relayed} as JSON. */
export const LINES_CHANNEL = 'millrace_run_lines';

export type Printed = {
  /** Which attempt of the run. */
  attempt: number;
  /** How many lines the attempt had printed before these. */
  from: number;
  lines: readonly LogLine[];
  /** The attempt is over: what else there is of it is in the database, now or in a moment. */
  isOver: boolean;
};
type Relayed = Printed & { runId: string };
export type Follower = (printed: Printed) => void;

type Followed = {
  followers: Set<Follower>;
  /** Until when another node follows it. */
  relayUntilMs: number;
  attempt: number;
  sent: number;
  relayed: number;
  /** Those of {@link sent}: another instance begins anew. */
  lines: readonly LogLine[] | null;
  isActive: boolean;
  isRelaying: boolean;
};

export type LineRelayParts = {
  sql: Sql;
  active: Pick<ActiveRuns, 'printedBy'>;
  /** Unix time in ms. */
  clock(): number;
  onError(error: unknown): void;
};

const LOOK_EVERY_MS = 50;
const FOLLOW_EVERY_MS = 3_000;
const FOLLOW_MS = 10_000;
/** PostgreSQL takes 8,000 bytes. */
const MESSAGE_BYTES = 7_500;
/** Of one run at one look: what is over waits for the next. */
const MOST_MESSAGES = 8;

export class LineRelay {
  readonly #parts: LineRelayParts;
  readonly #followed = new Map<string, Followed>();
  #timer: NodeJS.Timeout | null = null;
  #askedAtMs = 0;

  constructor(parts: LineRelayParts) {
    this.#parts = parts;
  }

  /** @returns how to stop */
  follow(runId: string, follower: Follower): () => void {
    const followed = this.#of(runId);
    followed.followers.add(follower);
    // It gets what is there already; the others know their place.
    followed.sent = 0;
    if (this.#parts.active.printedBy(runId) === null) this.#ask([runId]);
    return () => void followed.followers.delete(follower);
  }

  /**
   * Heard on {@link FOLLOW_CHANNEL}: from a node that may be this one. Kept where the run isn't, too: it may
   * still be queued, and begin here.
   */
  heardFollowing(runId: string): void {
    const followed = this.#of(runId);
    const now = this.#parts.clock();
    if (followed.relayUntilMs < now) followed.relayed = 0;
    followed.relayUntilMs = now + FOLLOW_MS;
  }

  /** Heard on {@link LINES_CHANNEL}. */
  heardLines(message: string): void {
    const { runId, ...printed } = JSON.parse(message) as Relayed;
    const followed = this.#followed.get(runId);
    if (followed === undefined || followed.isActive) return;
    for (const follower of followed.followers) follower(printed);
  }

  close(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    this.#followed.clear();
  }

  #of(runId: string): Followed {
    const known = this.#followed.get(runId);
    if (known !== undefined) return known;
    const followed: Followed = {
      ...{ followers: new Set<Follower>(), relayUntilMs: 0, attempt: 0, sent: 0, relayed: 0 },
      ...{ lines: null, isActive: false, isRelaying: false },
    };
    this.#followed.set(runId, followed);
    this.#timer ??= setInterval(() => this.#look(), LOOK_EVERY_MS);
    return followed;
  }

  #look(): void {
    const now = this.#parts.clock();
    for (const [runId, followed] of this.#followed) {
      if (followed.followers.size === 0 && followed.relayUntilMs < now) this.#followed.delete(runId);
      else this.#lookAt(runId, followed, now);
    }
    if (now - this.#askedAtMs > FOLLOW_EVERY_MS) {
      const elsewhere = [...this.#followed].filter(
        ([, { isActive, followers }]) => !isActive && followers.size > 0,
      );
      this.#ask(elsewhere.map(([runId]) => runId));
    }
    if (this.#followed.size > 0 || this.#timer === null) return;
    clearInterval(this.#timer);
    this.#timer = null;
  }

  #lookAt(runId: string, followed: Followed, now: number): void {
    const printed = this.#parts.active.printedBy(runId);
    const { attempt } = followed;
    if (followed.isActive && printed?.attempt !== attempt) this.#tellOver(runId, followed, now);
    followed.isActive = printed !== null;
    if (printed === null) return;
    const { lines } = printed;
    if (followed.lines !== lines) {
      Object.assign(followed, { attempt: printed.attempt, lines, sent: 0, relayed: 0 });
    }
    if (lines.length > followed.sent) {
      const news = {
        attempt: printed.attempt,
        from: followed.sent,
        lines: lines.slice(followed.sent),
        isOver: false,
      };
      followed.sent = lines.length;
      for (const follower of followed.followers) follower(news);
    }
    if (followed.relayUntilMs >= now && lines.length > followed.relayed) this.#relay(runId, followed, lines);
  }

  #tellOver(runId: string, followed: Followed, now: number): void {
    const over = { attempt: followed.attempt, from: followed.sent, lines: [], isOver: true };
    for (const follower of followed.followers) follower(over);
    if (followed.relayUntilMs >= now) void this.#announce([JSON.stringify({ ...over, runId })]);
  }

  #relay(runId: string, followed: Followed, lines: readonly LogLine[]): void {
    if (followed.isRelaying) return;
    const messages: string[] = [];
    while (messages.length < MOST_MESSAGES && followed.relayed < lines.length) {
      const { attempt, relayed: from } = followed;
      const taken = linesOfOneMessage(lines, from);
      messages.push(JSON.stringify({ runId, attempt, from, lines: taken, isOver: false }));
      followed.relayed += taken.length;
    }
    followed.isRelaying = true;
    void this.#announce(messages).finally(() => {
      followed.isRelaying = false;
    });
  }

  #announce(messages: readonly string[]): Promise<void> {
    return announceLines(this.#parts.sql, messages).catch(this.#parts.onError);
  }

  #ask(runIds: readonly string[]): void {
    this.#askedAtMs = this.#parts.clock();
    if (runIds.length > 0) announceFollowing(this.#parts.sql, runIds).catch(this.#parts.onError);
  }
}

/** At least one: a line that is too long for a message is cut; in the log it stays whole. Pure. */
function linesOfOneMessage(lines: readonly LogLine[], from: number): LogLine[] {
  const taken: LogLine[] = [];
  let bytes = 0;
  for (let at = from; at < lines.length; at += 1) {
    const line = lines[at] as LogLine;
    const lineBytes = Buffer.byteLength(JSON.stringify(line));
    if (bytes + lineBytes > MESSAGE_BYTES) {
      if (taken.length === 0) taken.push(cutLine(line));
      break;
    }
    taken.push(line);
    bytes += lineBytes;
  }
  return taken;
}

/** A character takes at most six bytes. */
function cutLine(line: LogLine): LogLine {
  return { ...line, text: `${line.text.slice(0, Math.floor(MESSAGE_BYTES / 6) - 50)} [cut in this stream]` };
}
