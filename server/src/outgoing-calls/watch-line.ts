// Reads the lines of supervisor/call-watch/watch-calls.c, which stands at the head of that file. Pure. What a
// resolver answered is read here, and nowhere as root. Called by call-source.ts.
import { PROTOCOLS, type Protocol } from './outgoing-call.ts';
import { readAnswer } from './resolver-answer.ts';

type Target = { protocol: Protocol; address: string; port: number };
type Bytes = { connection: string; atMs: number; sent: number; received: number };

export type WatchLine = { sandbox: string } & (
  | ({ what: 'begun'; connection: string; atMs: number } & Target)
  | ({ what: 'ended' } & Bytes)
  | ({ what: 'open' } & Bytes)
  | ({ what: 'refused'; atMs: number } & Target)
  | { what: 'named'; addresses: string[]; host: string }
  /** The answer to a question is whole. */
  | { what: 'looked' }
  | { what: 'lost' }
  | { what: 'gone' }
);

/** @returns null for a line that says nothing to us */
export function readWatchLine(line: string): WatchLine | null {
  const [kind, sandbox = '', ...rest] = line.split(' ');
  if (kind === 'c') {
    const [connection = '', at, ...target] = rest;
    return { what: 'begun', sandbox, connection, atMs: Number(at), ...readTarget(target) };
  }
  if (kind === 'd' || kind === 'o') {
    const [connection = '', at, sent, received] = rest;
    const bytes = { connection, atMs: Number(at), sent: Number(sent), received: Number(received) };
    return { what: kind === 'd' ? 'ended' : 'open', sandbox, ...bytes };
  }
  if (kind === 'r') {
    const [at, ...target] = rest;
    return { what: 'refused', sandbox, atMs: Number(at), ...readTarget(target) };
  }
  if (kind === 'n') {
    const answer = readAnswer(Buffer.from(rest[0] ?? '', 'hex'));
    return answer === null ? null : { what: 'named', sandbox, ...answer };
  }
  if (kind === '.') return { what: 'looked', sandbox };
  if (kind === 'x') return { what: 'lost', sandbox };
  return kind === '-' ? { what: 'gone', sandbox } : null;
}

function readTarget([named, address = '', port]: string[]): Target {
  const protocol = PROTOCOLS.find((one) => one === named) ?? 'other';
  return { protocol, address, port: Number(port) };
}
