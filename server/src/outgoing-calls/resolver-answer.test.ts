import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readAnswer } from './resolver-answer.ts';

function name(host: string): Buffer {
  const labels = host
    .split('.')
    .map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label)]));
  return Buffer.concat([...labels, Buffer.from([0])]);
}

/** An answer with a chain of aliases, as resolvers give it. */
function answer(host: string, records: { type: number; data: Buffer }[]): Buffer {
  const head = Buffer.from([0, 1, 0x81, 0x80, 0, 1, 0, records.length, 0, 0, 0, 0]);
  const question = Buffer.concat([name(host), Buffer.from([0, 1, 0, 1])]);
  const rows = records.map(({ type, data }) =>
    Buffer.concat([Buffer.from([0xc0, 12, 0, type, 0, 1, 0, 0, 0, 60, 0, data.length]), data]),
  );
  return Buffer.concat([head, question, ...rows]);
}

const ADDRESS = { type: 1, data: Buffer.from([192, 0, 2, 7]) };

test('addresses are those of the name that was asked for, whatever aliases lead to them', () => {
  const alias = { type: 5, data: name('edge.cdn.test') };
  const message = answer('Shop.Test', [alias, ADDRESS, { type: 1, data: Buffer.from([192, 0, 2, 8]) }]);
  assert.deepEqual(readAnswer(message), { host: 'shop.test', addresses: ['192.0.2.7', '192.0.2.8'] });
});

test('a message cut anywhere, or of random bytes, is read without harm', () => {
  const whole = answer('shop.test', [ADDRESS, ADDRESS]);
  for (let length = 0; length < whole.length; length += 1) {
    const read = readAnswer(whole.subarray(0, length));
    assert.ok(read === null || read.addresses.every((address) => address === '192.0.2.7'));
  }
  for (let at = 0; at < whole.length; at += 1) {
    for (const value of [0, 63, 192, 255]) {
      const spoiled = Buffer.from(whole);
      spoiled[at] = value;
      const read = readAnswer(spoiled);
      assert.ok(read === null || /^[a-z0-9._-]+$/.test(read.host));
    }
  }
});

test('questions, answers about nothing, and names that no host has say nothing', () => {
  const question = answer('shop.test', []);
  question[2] = 1;
  for (const message of [
    question,
    answer('shop.test', []),
    answer('a b.test', [ADDRESS]),
    answer('x,y', [ADDRESS]),
  ])
    assert.equal(readAnswer(message), null);
});
