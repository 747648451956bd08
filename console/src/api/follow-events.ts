// Server-sent events of the API, read by fetch: a browser's EventSource can't say which account it means.
// Comes again by itself from the last event on, after growing pauses, and says while the stream is lost.
// Reading only. Called by what lives without being asked: lists of runs, logs.
import { Refusal, type Scope } from './millrace.ts';
import { steadyFetch } from './steady-fetch.ts';

/** `id` is what the stream goes on from. */
export type SentEvent = { event: string; id: string; data: unknown };
type Following = {
  /** Below the API's own. */
  path: string;
  scope: NonNullable<Scope>;
  signal: AbortSignal;
  onEvent: (event: SentEvent) => void;
  /** false: lost, and tried again. */
  onState?: (isOpen: boolean) => void;
};

const FIRST_PAUSE_MS = 500;
const MOST_PAUSE_MS = 15_000;
const MOST_SILENCE_MS = 40_000;

/** Until the signal, or until the server refuses. @throws Refusal */
export async function followEvents(following: Following): Promise<void> {
  const { signal, onState } = following;
  const last = { id: '' };
  let pauseMs = FIRST_PAUSE_MS;
  while (!signal.aborted) {
    try {
      await readOnce(following, last, () => {
        pauseMs = FIRST_PAUSE_MS;
        onState?.(true);
      });
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof Refusal && error.status < 500 && error.status !== 429) throw error;
      onState?.(false);
      pauseMs = Math.min(pauseMs * 2, MOST_PAUSE_MS);
    }
    await pause(pauseMs, signal);
  }
}

async function readOnce(
  { path, scope, signal, onEvent }: Following,
  last: { id: string },
  opened: () => void,
) {
  const broken = watchConnection();
  try {
    const headers = {
      'Millrace-Account': scope.account,
      'Millrace-Mode': scope.mode,
      ...(last.id === '' ? {} : { 'Last-Event-ID': last.id }),
    };
    const either = AbortSignal.any([signal, broken.signal]);
    const response = await steadyFetch(new Request(`/millrace/v1${path}`, { headers, signal: either }));
    if (!response.ok || response.body === null)
      throw new Refusal(response.status, { code: 'stream', message: `It answered ${response.status}.` });
    opened();
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = '';
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      broken.heard();
      const parts = (rest + value).split('\n\n');
      rest = parts.pop() ?? '';
      for (const part of parts) take(part, last, onEvent);
    }
  } finally {
    broken.end();
  }
}

/** A connection may be gone without a word: the server says every 15 seconds that it is still there. */
function watchConnection() {
  const broken = new AbortController();
  const end = () => broken.abort();
  let timer = setTimeout(end, MOST_SILENCE_MS);
  addEventListener('offline', end);
  return {
    signal: broken.signal,
    heard: () => {
      clearTimeout(timer);
      timer = setTimeout(end, MOST_SILENCE_MS);
    },
    end: () => {
      clearTimeout(timer);
      removeEventListener('offline', end);
    },
  };
}

function take(part: string, last: { id: string }, onEvent: Following['onEvent']): void {
  const fields = new Map<string, string>();
  for (const line of part.split('\n')) {
    const [, name = '', value = ''] = /^(\w+): ?(.*)$/.exec(line) ?? [];
    fields.set(name, value);
  }
  const id = fields.get('id');
  if (id !== undefined) last.id = id;
  const event = fields.get('event');
  if (event !== undefined) onEvent({ event, id: last.id, data: JSON.parse(fields.get('data') ?? 'null') });
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
