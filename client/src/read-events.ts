// Server-sent events out of the body of an answer, and on from the last one when the answer ends: Millrace
// ends each after some minutes. Browsers' own reader of them can't send a token. Called by
// millrace-client.ts.

export type StreamedEvent = {
  /** E.g. `line`, `run`. */
  event: string;
  data: unknown;
  /** By which the next answer goes on. */
  id: string | null;
};

type Open = (lastId: string | null) => Promise<ReadableStream<Uint8Array>>;

/** After which nothing comes. */
const LAST = 'end';

/**
 * @param open asks for the events behind one of them
 * @param rest waits before the next answer is asked for
 */
export async function* eventsOf(
  open: Open,
  rest: () => Promise<void>,
): AsyncGenerator<StreamedEvent, void, void> {
  let lastId: string | null = null;
  for (;;) {
    for await (const event of eventsIn(await open(lastId))) {
      lastId = event.id ?? lastId;
      yield event;
      if (event.event === LAST) return;
    }
    await rest();
  }
}

/** Of one answer. A connection that breaks ends it, as an answer that is over does. */
async function* eventsIn(body: ReadableStream<Uint8Array>): AsyncGenerator<StreamedEvent, void, void> {
  const reader = body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string>).getReader();
  let left = '';
  try {
    for (;;) {
      const read = await reader.read().catch(() => ({ done: true, value: undefined }) as const);
      if (read.done) return;
      const blocks = `${left}${read.value}`.split('\n\n');
      left = blocks.pop() ?? '';
      for (const block of blocks) {
        const event = eventIn(block);
        if (event !== null) yield event;
      }
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}

/** @returns null of a comment */
function eventIn(block: string): StreamedEvent | null {
  const fields = new Map<string, string>();
  for (const line of block.split('\n')) {
    const [, name = '', value = ''] = /^([a-z]*): ?(.*)$/.exec(line) ?? [];
    fields.set(name, name === 'data' && fields.has(name) ? `${fields.get(name)}\n${value}` : value);
  }
  const data = fields.get('data');
  if (data === undefined) return null;
  return { event: fields.get('event') ?? 'message', data: JSON.parse(data), id: fields.get('id') ?? null };
}
