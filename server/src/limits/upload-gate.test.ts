import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, test } from 'node:test';
import { Failure } from '../errors/failure.ts';
import { UploadGate } from './upload-gate.ts';

const MB = 1024 * 1024;
const FOREVER_MS = 60_000;

/** An upload that stays in hand until it is asked to end. */
function upload(gate: UploadGate, accountId: string, mb: number) {
  const { promise: end, resolve: finish } = Promise.withResolvers<void>();
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
  const state = { isIn: false };
  const done = gate.during({ accountId, bytes: mb * MB }, async () => {
    state.isIn = true;
    begin();
    await end;
  });
  return { state, begun, finish, done };
}

const open = (capacityMb: number, waitMs = FOREVER_MS) =>
  new UploadGate({ capacityBytes: capacityMb * MB, waitMs });

describe('the gate of uploads', () => {
  test('lets in as many bytes as there is room for, and the next when one has ended', async () => {
    const gate = open(100);
    const first = upload(gate, 'a', 50);
    const second = upload(gate, 'b', 50);
    await Promise.all([first.begun, second.begun]);
    const third = upload(gate, 'c', 10);
    assert.deepEqual([third.state.isIn, gate.waiting], [false, 1]);
    first.finish();
    await third.begun;
    for (const one of [second, third]) one.finish();
    await Promise.all([first.done, second.done, third.done]);
    const whole = upload(gate, 'a', 100);
    await whole.begun;
    whole.finish();
    await whole.done;
  });

  test('keeps one account to half, and lets the others past it', async () => {
    const gate = open(100);
    const first = upload(gate, 'a', 40);
    await first.begun;
    const again = upload(gate, 'a', 40);
    const other = upload(gate, 'b', 40);
    await other.begun;
    assert.equal(again.state.isIn, false);
    first.finish();
    await again.begun;
    for (const one of [again, other]) one.finish();
    await Promise.all([first.done, again.done, other.done]);
  });

  test('lets an account past the waiting ones of another, which may not have them anyway', async () => {
    const gate = open(128);
    const going = upload(gate, 'busy', 50);
    await going.begun;
    const waiting = [1, 2, 3].map(() => upload(gate, 'busy', 50));
    const other = upload(gate, 'other', 0.001);
    await other.begun;
    assert.deepEqual([gate.waiting, waiting.some(({ state }) => state.isIn)], [3, false]);
    for (const one of [going, other, ...waiting]) one.finish();
    await Promise.all([going, other, ...waiting].map(({ done }) => done));
  });

  test('gives room that comes free to an account that has none, however many another had waiting before', async () => {
    const gate = open(100);
    const going = [upload(gate, 'busy', 50), upload(gate, 'third', 50)];
    await Promise.all(going.map(({ begun }) => begun));
    const waiting = Array.from({ length: 20 }, () => upload(gate, 'busy', 50));
    const other = upload(gate, 'other', 50);
    going[0]?.finish();
    await other.begun;
    assert.equal(
      waiting.some(({ state }) => state.isIn),
      false,
    );
    for (const one of [...going, other, ...waiting]) one.finish();
    await Promise.all([...going, other, ...waiting].map(({ done }) => done));
  });

  test('gives up a body that hardly arrives, once others wait for its room', async () => {
    const gate = new UploadGate({ capacityBytes: 20 * MB, waitMs: FOREVER_MS, lookEveryMs: 20 });
    const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
    const { promise: ended, resolve: end } = Promise.withResolvers<unknown>();
    const server = createServer((request) => {
      const work = async (): Promise<void> => {
        begin();
        for await (const _ of request);
      };
      gate.during({ accountId: 'slow', bytes: 20 * MB, body: request }, work).then(end, end);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const sending = httpRequest({ port, host: '127.0.0.1', method: 'POST' });
    sending.on('error', () => {});
    sending.write('a');
    await begun;
    const other = upload(gate, 'other', 20);
    await other.begun;
    const error = await ended;
    assert.ok(error instanceof Failure && error.code === 'unavailable', String(error));
    other.finish();
    await other.done;
    sending.destroy();
    server.close();
  });

  test('admits alone what is larger than all the room', async () => {
    const gate = open(20);
    const huge = upload(gate, 'a', 500);
    await huge.begun;
    const small = upload(gate, 'b', 1);
    assert.equal(small.state.isIn, false);
    huge.finish();
    await small.begun;
    small.finish();
    await Promise.all([huge.done, small.done]);
  });

  test('counts a tiny zip for more than its bytes: it may unpack to the limit', async () => {
    const gate = open(32);
    const tiny = [1, 2, 3, 4, 5].map((at) => upload(gate, `account ${at}`, 0.001));
    assert.equal(gate.waiting, 1);
    for (const one of tiny) one.finish();
    await Promise.all(tiny.map((one) => one.done));
  });

  test('refuses a sender who would not wait as long as others after the time that he waits', async () => {
    const gate = open(20);
    const first = upload(gate, 'a', 20);
    await first.begun;
    const hasty = gate.during({ accountId: 'b', bytes: 20 * MB, waitMs: 5 }, () => Promise.resolve());
    await assert.rejects(hasty, (error) => error instanceof Failure && error.code === 'unavailable');
    assert.equal(gate.waiting, 0);
    first.finish();
    await first.done;
  });

  test('refuses with a sentence when no room comes free in time, and gives the room of a failed upload back', async () => {
    const gate = open(20, 5);
    const first = upload(gate, 'a', 20);
    await first.begun;
    await assert.rejects(
      upload(gate, 'b', 20).done,
      (error) => error instanceof Failure && error.code === 'unavailable' && /try again/.test(error.message),
    );
    assert.equal(gate.waiting, 0);
    first.finish();
    await first.done;
    const failing = gate.during({ accountId: 'a', bytes: 20 * MB }, () =>
      Promise.reject(new Error('broken')),
    );
    await assert.rejects(failing, /broken/);
    const next = upload(gate, 'b', 20);
    await next.begun;
    next.finish();
    await next.done;
  });
});
