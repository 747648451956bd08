// Runs inside the namespace of internet.ts: a web server on every address that answers with the caller's
// address, and a resolver (UDP 53) that knows one name, and echoes datagrams on two more ports. Prints a line
// once all of them listen.
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { ECHO_PORTS, KNOWN_NAME, PUBLIC_ADDRESS, WEB_PORT } from './internet.ts';

const web = createServer((request, response) => response.end(request.socket.remoteAddress));
web.listen(WEB_PORT, '0.0.0.0');
await once(web, 'listening');

const resolver = createSocket('udp4');
resolver.on('message', (query, peer) => resolver.send(answerTo(query), peer.port, peer.address));
resolver.bind(53, '0.0.0.0');
await once(resolver, 'listening');
for (const port of ECHO_PORTS) {
  const echo = createSocket('udp4');
  echo.on('message', (text, peer) => echo.send(text, peer.port, peer.address));
  echo.bind(port, '0.0.0.0');
  await once(echo, 'listening');
}
console.log('ready');

/**
 * One A record for the known name, "no such name" for others, nothing for other kinds (RFC 1035 section 4).
 */
function answerTo(query: Buffer): Buffer {
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  const questionEnd = at + 5;
  const isKnown = labels.join('.') === KNOWN_NAME;
  const wantsAddress = query.readUInt16BE(at + 1) === 1;
  const header = Buffer.from(query.subarray(0, 12));
  header.writeUInt16BE(isKnown ? 0x8180 : 0x8183, 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(isKnown && wantsAddress ? 1 : 0, 6);
  header.writeUInt32BE(0, 8);
  const record = Buffer.from([
    0xc0,
    12,
    0,
    1,
    0,
    1,
    0,
    0,
    0,
    5,
    0,
    4,
    ...PUBLIC_ADDRESS.split('.').map(Number),
  ]);
  return Buffer.concat([
    header,
    query.subarray(12, questionEnd),
    ...(isKnown && wantsAddress ? [record] : []),
  ]);
}
