// What a runtime that knows its run's nonce, and means ill, can't do with questions.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeTwoPartFrame, FrameError, HEADER_BYTES, NO_NONCE } from '../../../contract/frames.cjs';
import { type AskSettings, RunAsks } from './run-asks.ts';

type Reply = { id: number; ok: boolean; body: unknown };

/** Answers stay away until `release` is called. */
function openAsks(change: Partial<AskSettings> = {}) {
  const replies: Reply[] = [];
  const answered: string[] = [];
  let release = (): void => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const asks = new RunAsks(
    {
      names: new Set(['read']),
      limits: { asks: 1000, bytes: 16 * 1024 * 1024 },
      answer: async (_name, args) => {
        await released;
        answered.push(String(args[0]).slice(0, 10));
        return null;
      },
      onDefect: () => {},
      ...change,
    },
    (head, body) => replies.push({ ...(JSON.parse(head) as Reply), body: JSON.parse(body) }),
  );
  const ask = (id: number, name = 'read', args = '["x"]'): void => asks.take(payload({ id, name }, args));
  return { asks, ask, replies, answered, release };
}

function payload(head: unknown, body: string): Buffer {
  return encodeTwoPartFrame(20, NO_NONCE, JSON.stringify(head), body).subarray(HEADER_BYTES);
}

const codeOf = (reply: Reply | undefined): unknown => (reply?.body as { code?: string } | undefined)?.code;

test('more than eight at a time are refused, and there is room again once they are answered', async () => {
  const { ask, replies, release } = openAsks();
  for (let id = 1; id <= 10; id++) ask(id);
  assert.deepEqual(replies.map(codeOf), ['too_many_requests', 'too_many_requests']);
  release();
  while (replies.length < 10) await new Promise((resolve) => setImmediate(resolve));
  ask(11);
  while (replies.length < 11) await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(replies.at(-1), { id: 11, ok: true, body: null });
});

test('what they hold together is bounded, too', () => {
  const { ask, replies } = openAsks();
  const large = `["${'x'.repeat(4 * 1024 * 1024)}"]`;
  ask(1, 'read', large);
  ask(2, 'read', large);
  assert.deepEqual(replies.map(codeOf), ['payload_too_large']);
});

test('a run may ask so often, and for so much, and no more', () => {
  const few = openAsks({ limits: { asks: 2, bytes: 1000 } });
  for (let id = 1; id <= 3; id++) few.ask(id);
  assert.deepEqual(few.replies.map(codeOf), ['too_many_requests']);
  const small = openAsks({ limits: { asks: 100, bytes: 10 } });
  small.ask(1, 'read', '["12345"]');
  small.ask(2, 'read', '["12345"]');
  assert.deepEqual(small.replies.map(codeOf), ['too_many_requests']);
});

test('what was not promised can’t be asked for', () => {
  const { ask, replies, answered } = openAsks();
  for (const name of ['write', '__proto__', 'constructor', '']) ask(1, name);
  assert.deepEqual(new Set(replies.map(codeOf)), new Set(['not_found']));
  assert.deepEqual(answered, []);
});

test('who goes on after a hundred refusals is ended', () => {
  const { ask } = openAsks();
  for (let id = 0; id < 100; id++) ask(id, 'write');
  assert.throws(() => ask(101, 'write'), FrameError);
});

test('a question without a proper head ends its run', () => {
  const { asks } = openAsks();
  for (const head of [
    null,
    {},
    { id: 'x', name: 'read' },
    { id: 1.5, name: 'read' },
    { id: 1, name: 5 },
    [],
  ]) {
    assert.throws(() => asks.take(payload(head, '[]')), FrameError);
  }
  assert.throws(() => asks.take(Buffer.from([255, 0, 0, 0])), FrameError);
  assert.throws(() => asks.take(Buffer.concat([Buffer.from([2, 0, 0, 0]), Buffer.from('{]')])), FrameError);
});

test('arguments that are no list are refused', async () => {
  const { ask, replies, release } = openAsks();
  release();
  ask(1, 'read', '{"a":1}');
  ask(2, 'read', '{]');
  while (replies.length < 2) await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(replies.map(codeOf), ['invalid_json', 'invalid_json']);
});

test('after the run nothing is answered', async () => {
  const { asks, ask, replies, answered, release } = openAsks();
  for (let id = 1; id <= 3; id++) ask(id);
  asks.end();
  release();
  for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(answered, ['x']);
  assert.deepEqual(replies, []);
});
