// Hears what nodes notify each other of through PostgreSQL (LISTEN/NOTIFY), on a connection of its own that
// is made again when it is lost. What was said while it was lost is gone: listeners are notified that they
// may have missed something. Says when all that was said up to now has been heard: announcements arrive in
// the order of their commits, so an echo of our own comes behind them.
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { Logger } from 'pino';
import { OneBehind } from '../memory/one-behind.ts';

const RECONNECT_AFTER_MS = 1_000;
/**
 * Nothing may be said for hours, so a connection that has been forgotten on its way shows itself only when it
 * is asked. ms
 */
const ASK_EVERY_MS = 5_000;
const ANSWER_TIMEOUT_MS = 5_000;
/** How long an echo is waited for before everything counts as missed. ms */
const ECHO_WITHIN_MS = 2_000;
const ECHO_CHANNEL = 'millrace_echo';
/** By which the database's own views show the connection. */
export const LISTENER = 'millrace listener';

export type Listening = {
  /** Channel -> what to do with a payload. A promise: until then, it hasn't been taken in. */
  channels: Record<string, (payload: string) => unknown>;
  /** Called after every connection but the first. */
  onMissed(): unknown;
};

export type Listener = {
  /**
   * Resolves when everything that was announced before this call has been heard and taken in, or given up as
   * missed.
   */
  caughtUp(): Promise<void>;
  close(): Promise<void>;
};

/** Resolves once it listens. */
export async function openListener(url: string, listening: Listening, log: Logger): Promise<Listener> {
  let client: pg.Client | null = null;
  let timer: NodeJS.Timeout | null = null;
  let isClosed = false;
  const own = randomUUID();
  const takingIn = new Set<Promise<unknown>>();
  let heardEcho: () => void = () => {};

  const hear = (channel: string, payload: string): void => {
    if (channel === ECHO_CHANNEL) {
      if (payload === own) heardEcho();
      return;
    }
    takeIn(listening.channels[channel]?.(payload));
  };
  const takeIn = (work: unknown): void => {
    if (!(work instanceof Promise)) return;
    const taken = work.catch(() => {}).finally(() => takingIn.delete(taken));
    takingIn.add(taken);
  };
  const miss = (): void => takeIn(listening.onMissed());

  const connect = async (): Promise<void> => {
    const next = new pg.Client({
      connectionString: url,
      application_name: LISTENER,
      keepAlive: true,
      connectionTimeoutMillis: ANSWER_TIMEOUT_MS,
      query_timeout: ANSWER_TIMEOUT_MS,
    });
    let asking: NodeJS.Timeout | null = null;
    next.on('notification', ({ channel, payload }) => hear(channel, payload ?? ''));
    next.on('error', (error) =>
      log.warn({ err: error }, 'the connection that listens to the database is lost'),
    );
    next.on('end', () => {
      if (asking !== null) clearInterval(asking);
      if (client === next) client = null;
      retry();
    });
    await next.connect();
    try {
      for (const channel of [...Object.keys(listening.channels), ECHO_CHANNEL]) {
        await next.query(`listen ${channel}`);
      }
      // An echo need not outlive anything.
      await next.query('set synchronous_commit = off');
    } catch (error) {
      await next.end().catch(() => {});
      throw error;
    }
    asking = setInterval(() => {
      // Ended, it says that it has: then a new one is made.
      next.query('select').catch(() => next.end().catch(() => {}));
    }, ASK_EVERY_MS);
    client = next;
  };
  const retry = (): void => {
    if (isClosed || timer !== null) return;
    timer = setTimeout(() => {
      timer = null;
      connect().then(miss, (error: unknown) => {
        log.warn({ err: error }, 'can not listen to the database: trying again');
        retry();
      });
    }, RECONNECT_AFTER_MS);
  };
  const echo = async (): Promise<void> => {
    const speaker = client;
    if (speaker === null) throw new Error('nothing is heard at the moment');
    const heard = new Promise<void>((resolve) => {
      heardEcho = resolve;
    });
    await speaker.query('select pg_notify($1, $2)', [ECHO_CHANNEL, own]);
    await heard;
  };
  const echoes = new OneBehind(async () => {
    await within(echo(), ECHO_WITHIN_MS).catch(miss);
    await within(Promise.all(takingIn), ECHO_WITHIN_MS).catch(() => {});
  });

  await connect();
  return {
    caughtUp: () => echoes.run(),
    close: async () => {
      isClosed = true;
      if (timer !== null) clearTimeout(timer);
      await client?.end();
    },
  };
}

async function within(work: Promise<unknown>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not done within ${ms} ms`)), ms);
  });
  await Promise.race([work, late]).finally(() => clearTimeout(timer));
}
