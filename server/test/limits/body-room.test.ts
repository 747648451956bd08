// Room for the bodies of requests, with a real server and real connections: who waits, who is refused, and
// that room comes back.

import assert from 'node:assert/strict';
import { request as send } from 'node:http';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { createHttpServer } from '../../src/http/open-http-server.ts';
import { holdRoomForBodies, SMALL_BODY_BYTES } from '../../src/limits/body-room.ts';
import { UploadGate } from '../../src/limits/upload-gate.ts';
import { until } from '../until.ts';

const LARGE = Buffer.alloc(2 * SMALL_BODY_BYTES, 0x20);
const MOST_BYTES = 1024 * 1024;
/** Of one large body with its copies, and no second one. */
const CAPACITY_BYTES = 6 * LARGE.length;

let server: FastifyInstance;
let origin: string;
let gate: UploadGate;
/** Whether the handler holds what comes, and what it holds. */
let isHolding = true;
const held: (() => void)[] = [];

before(async () => {
  server = createHttpServer({ log: pino({ level: 'silent' }), bodyLimitBytes: MOST_BYTES });
  gate = new UploadGate({ capacityBytes: CAPACITY_BYTES, waitMs: 500, leastBytes: 0 });
  holdRoomForBodies(server, gate, MOST_BYTES);
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  server.post('/held', async ({ body }) => {
    if (isHolding) await new Promise<void>((resolve) => held.push(resolve));
    return String((body as Buffer).length);
  });
  origin = await server.listen({ port: 0, host: '127.0.0.1' });
});
after(async () => {
  for (const go of held) go();
  server.server.closeAllConnections();
  await server.close();
});

const post = (body: Buffer): Promise<Response> =>
  fetch(`${origin}/held`, { method: 'POST', body: new Uint8Array(body) });

async function letGo(): Promise<void> {
  await until(
    () => `${held.length} are held, ${gate.waiting} wait`,
    () => held.length > 0,
  );
  for (const go of held.splice(0)) go();
}

test('a large body waits for the room of the one before, and is refused when it takes too long', async () => {
  const first = post(LARGE);
  await until(
    () => `${held.length} are held, ${gate.waiting} wait`,
    () => held.length === 1,
  );
  const refused = await post(LARGE);
  assert.equal(refused.status, 503);
  const second = post(LARGE);
  await until(
    () => `${held.length} are held, ${gate.waiting} wait`,
    () => gate.waiting === 1,
  );
  await letGo();
  assert.equal(await (await first).text(), String(LARGE.length));
  await letGo();
  assert.equal((await second).status, 200);
});

test('small bodies take no room', async () => {
  const large = post(LARGE);
  await until(
    () => `${held.length} are held, ${gate.waiting} wait`,
    () => held.length === 1,
  );
  const small = Array.from({ length: 5 }, () => post(Buffer.alloc(1000)));
  await until(
    () => `${held.length} are held, ${gate.waiting} wait`,
    () => held.length === 6,
  );
  await letGo();
  assert.deepEqual(
    await Promise.all([large, ...small].map(async (one) => (await one).status)),
    Array(6).fill(200),
  );
});

test('a body of unknown size takes its room when it shows that it is large', async () => {
  const large = post(LARGE);
  await until(
    () => `${held.length} are held, ${gate.waiting} wait`,
    () => held.length === 1,
  );
  const chunked = send(`${origin}/held`, { method: 'POST' });
  const answered = new Promise<number>((resolve) =>
    chunked.on('response', (answer) => resolve(answer.statusCode ?? 0)),
  );
  chunked.write(Buffer.alloc(1000));
  await sleep(50);
  assert.equal(gate.waiting, 0);
  chunked.end(LARGE);
  await until(
    () => `${held.length} are held, ${gate.waiting} wait`,
    () => gate.waiting === 1,
  );
  await letGo();
  await large;
  await letGo();
  assert.equal(await answered, 200);
});

test('room comes back from clients that hang up: while they wait, while they send, and before they are answered', async () => {
  const hangUp = async (isReady: () => boolean, part = LARGE.length): Promise<void> => {
    const client = send(`${origin}/held`, { method: 'POST', headers: { 'content-length': LARGE.length } });
    client.on('error', () => {});
    client.write(LARGE.subarray(0, part));
    await until(() => `${held.length} are held, ${gate.waiting} wait`, isReady);
    client.destroy();
  };
  const first = post(LARGE);
  await until(
    () => `${held.length} are held, ${gate.waiting} wait`,
    () => held.length === 1,
  );
  await hangUp(() => gate.waiting === 1);
  isHolding = false;
  await letGo();
  await first;
  assert.equal((await post(LARGE)).status, 200);
  await hangUp(() => true, 1000);
  assert.equal((await post(LARGE)).status, 200);
  isHolding = true;
  await hangUp(() => held.length > 0);
  isHolding = false;
  assert.equal((await post(LARGE)).status, 200);
});
