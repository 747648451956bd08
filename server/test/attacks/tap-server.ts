// The inside of a tap: a web server on every address, and a resolver that knows a few names. Started by
// open-tap.ts in the tap's namespace.
import dgram from 'node:dgram';
import http from 'node:http';
import net from 'node:net';
import type { TapMessage, TapServerSettings } from './open-tap.ts';

const { resolver, names, canary } = JSON.parse(process.argv[2] as string) as TapServerSettings;
const questions: TapMessage = { asked: [], told: [] };

const web = http.createServer((request, response) => {
  const to = new URL(request.url ?? '/', 'http://any').searchParams.get('to');
  // A connection for each request, so that each looks the name up again.
  const headers = { connection: 'close', ...(to === null ? {} : { location: to }) };
  response.writeHead(to === null ? 200 : 302, headers).end(to === null ? canary : '');
});

/** Answers a DNS question of type A; any other type exists without an address. */
function answer(query: Buffer): Buffer {
  const end = query.indexOf(0, 12) + 5;
  const labels: string[] = [];
  for (let at = 12; (query[at] ?? 0) > 0; at += (query[at] ?? 0) + 1)
    labels.push(query.subarray(at + 1, at + 1 + (query[at] ?? 0)).toString());
  const name = labels.join('.').toLowerCase();
  questions.asked.push(name);
  const known = names[name];
  const isAddress = query.readUInt16BE(end - 4) === 1;
  const address = isAddress ? known?.shift() : undefined;
  const head = Buffer.from([
    0,
    0,
    0x81,
    known === undefined ? 0x83 : 0x80,
    0,
    1,
    0,
    address === undefined ? 0 : 1,
    0,
    0,
    0,
    0,
  ]);
  query.copy(head, 0, 0, 2);
  if (known === undefined || address === undefined) return Buffer.concat([head, query.subarray(12, end)]);
  known.push(address);
  questions.told.push(address);
  const record = [0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, ...address.split('.').map(Number)];
  return Buffer.concat([head, query.subarray(12, end), Buffer.from(record)]);
}

await new Promise<void>((resolve) => web.listen(80, '0.0.0.0', resolve));
const other = net.createServer((socket) => socket.on('error', () => {}).end(canary));
await new Promise<void>((resolve) => other.listen(53, '0.0.0.0', resolve));
const dns = dgram.createSocket('udp4');
dns.on('message', (query, from) => dns.send(answer(query), from.port, from.address));
await new Promise<void>((resolve) => dns.bind(53, resolver, resolve));
process.on('message', () => process.send?.(questions));
process.on('disconnect', () => process.exit(0));
process.send?.('ready');
