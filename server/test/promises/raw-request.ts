// A request byte for byte, over a socket of its own: for what clients such as fetch wouldn't send.
import { connect } from 'node:net';

export type RawAnswer = {
  status: number;
  head: string;
  body: string /** All of it, byte for byte. */;
  bytes: Buffer;
};

/**
 * @param base of the server. @param parts written one after the other, each when the one before has been
 * answered with anything
 */
export function rawRequest(base: string, ...parts: (string | Buffer)[]): Promise<RawAnswer> {
  const { hostname, port } = new URL(base);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const left = [...parts];
    const socket = connect(Number(port), hostname, () => socket.write(left.shift() ?? ''));
    socket.setTimeout(20_000, () => socket.destroy(new Error('no answer')));
    socket.on('data', (chunk) => {
      chunks.push(chunk);
      const next = left.shift();
      if (next !== undefined) socket.write(next);
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(answerOf(Buffer.concat(chunks))));
  });
}

function answerOf(bytes: Buffer): RawAnswer {
  const text = bytes.toString('latin1');
  const end = text.indexOf('\r\n\r\n');
  const head = text.slice(0, end);
  return { status: Number(/^HTTP\/1\.1 (\d+)/.exec(head)?.[1] ?? 0), head, body: text.slice(end + 4), bytes };
}
