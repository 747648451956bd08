// Hears what nodes tell each other through PostgreSQL (LISTEN/NOTIFY), on a connection of its own that is made again when it
// is lost. What was said while it was lost is gone: whoever listens is told that he may have missed something.
import pg from 'pg';
import type { Logger } from 'pino';

const RECONNECT_AFTER_MS = 1_000;
/** Nothing may be said for hours, so a connection that has been forgotten on its way shows itself only when it is asked. ms */
const ASK_EVERY_MS = 5_000;
const ANSWER_TIMEOUT_MS = 5_000;

export type Listening = {
  /** Channel -> what to do with a payload. */
  channels: Record<string, (payload: string) => void>;
  /** Called after every connection but the first. */
  onMissed(): void;
};

export type Listener = { close(): Promise<void> };

/** Resolves once it listens. */
export async function openListener(url: string, listening: Listening, log: Logger): Promise<Listener> {
  let client: pg.Client | null = null;
  let timer: NodeJS.Timeout | null = null;
  let isClosed = false;

  const connect = async (): Promise<void> => {
    const next = new pg.Client({
      connectionString: url,
      keepAlive: true,
      connectionTimeoutMillis: ANSWER_TIMEOUT_MS,
      query_timeout: ANSWER_TIMEOUT_MS,
    });
    let asking: NodeJS.Timeout | null = null;
    next.on('notification', ({ channel, payload }) => listening.channels[channel]?.(payload ?? ''));
    next.on('error', (error) =>
      log.warn({ err: error }, 'the connection that listens to the database is lost'),
    );
    next.on('end', () => {
      if (asking !== null) clearInterval(asking);
      retry();
    });
    await next.connect();
    try {
      for (const channel of Object.keys(listening.channels)) await next.query(`listen ${channel}`);
    } catch (error) {
      await next.end().catch(() => {});
      throw error;
    }
    asking = setInterval(() => {
      // Ended, it tells that it has: then a new one is made.
      next.query('select').catch(() => next.end().catch(() => {}));
    }, ASK_EVERY_MS);
    client = next;
  };
  const retry = (): void => {
    if (isClosed || timer !== null) return;
    timer = setTimeout(() => {
      timer = null;
      connect().then(listening.onMissed, (error: unknown) => {
        log.warn({ err: error }, 'can not listen to the database: trying again');
        retry();
      });
    }, RECONNECT_AFTER_MS);
  };

  await connect();
  return {
    close: async () => {
      isClosed = true;
      if (timer !== null) clearTimeout(timer);
      await client?.end();
    },
  };
}
