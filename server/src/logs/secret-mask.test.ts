import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LogLines } from './log-lines.ts';
import { makeMask, maskOf, type SecretMask } from './secret-mask.ts';

function mask(...secrets: string[]): SecretMask {
  const made = makeMask(secrets);
  assert.ok(made !== null);
  return made;
}

test('a secret is hidden wherever it stands in a line', () => {
  assert.equal(mask('s3cret').text('a s3cret, s3crets3cret'), 'a ***, ******');
});

test('of two secrets the longer one is found first', () => {
  assert.equal(mask('abcd', 'abcdef').text('abcdef abcd'), '*** ***');
});

test('what has a meaning in patterns has none in a secret', () => {
  assert.equal(mask('a.*$^b').text('a.*$^b axx$^b'), '*** axx$^b');
});

test('a secret is found inside JSON and inside an address', () => {
  const made = mask('a"b/c d');
  assert.equal(made.text(JSON.stringify({ key: 'a"b/c d' })), '{"key":"***"}');
  assert.equal(made.text(`https://x/?key=${encodeURIComponent('a"b/c d')}`), 'https://x/?key=***');
});

test('lines of a secret that has several are hidden, whole and one by one', () => {
  const key = '-----BEGIN KEY-----\nMIIEvQIBADANBg\nkqhkiG9w0BAQEF\nend';
  assert.equal(mask(key).text(`x${key.replaceAll('\n', '\r')}x`), 'x***x');
  assert.equal(mask(key).text('MIIEvQIBADANBg'), '***');
  assert.equal(mask(key).text('the end'), 'the end');
});

test('short secrets are left alone', () => {
  assert.equal(makeMask(['abc', '']), null);
  assert.equal(mask('1234').text('1234'), '***');
});

test('JSON stays JSON', () => {
  const made = mask('12345', 'token');
  const json = { a: 12345, b: [-12345.5, 'a token'], token: { c: null, d: true } };
  assert.deepEqual(JSON.parse(made.json(Buffer.from(JSON.stringify(json))).toString()), {
    ...{ a: '***', b: ['***', 'a ***'], '***': { c: null, d: true } },
  });
  const other = Buffer.from('{"a":1}');
  assert.equal(made.json(other), other);
});

test('the beginning of a secret at the end of what was cut is hidden', () => {
  assert.equal(mask('s3cretvalue').cutText('the key is s3cretv'), 'the key is ***');
  assert.equal(mask('s3cretvalue').cutText('the key is s3c'), 'the key is s3c');
});

test('a function without secrets has no mask, and one with them always the same', () => {
  const variables = { key: 's3cret', plain: 'visible' };
  assert.equal(maskOf({ variables: { ...variables }, secretNames: [] }), null);
  const fn = { variables, secretNames: ['key', 'gone'] };
  assert.equal(maskOf(fn)?.text('s3cret visible'), '*** visible');
  assert.equal(maskOf(fn), maskOf(fn));
});

test('a secret that arrives in pieces is hidden in the log, also where the log is cut', () => {
  const log = new LogLines(30, mask('s3cretvalue'));
  for (const piece of ['one s3cr', 'etvalue\ntwo ', 's3cretva', 'lue'])
    log.push('stdout', Buffer.from(piece), 1);
  log.end(2);
  assert.deepEqual(
    log.lines.map(({ text }) => text),
    ['one ***', 'two ***'],
  );
});

test('JSON that is nested too deep to be read is masked as text', () => {
  const deep = (inner: string): string => '['.repeat(100_000) + inner + ']'.repeat(100_000);
  assert.equal(
    mask('s3cret')
      .json(Buffer.from(deep('"s3cret"')))
      .toString(),
    deep('"***"'),
  );
});
