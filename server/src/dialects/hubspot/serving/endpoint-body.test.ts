import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readEndpointBody } from './endpoint-body.ts';

const read = (text: string | Buffer, type: string | null) => readEndpointBody(Buffer.from(text), type);

describe('the body of a call', () => {
  for (const [name, text, type, body] of [
    ['JSON is what it says', '{"a":[1,null]}', 'application/json; charset=utf-8', { a: [1, null] }],
    ['JSON of a vendor, too', '{"a":1}', 'application/vnd.api+json', { a: 1 }],
    ['a byte order mark is not part of it', '\uFEFF{"a":1}', 'application/json', { a: 1 }],
    ['a form is its fields', 'a=1&b=2&b=3', 'application/x-www-form-urlencoded', { a: '1', b: ['2', '3'] }],
    ['anything else is its text', '<a/>', 'application/xml', '<a/>'],
    ['without a type it is its text', '{"a":1}', null, '{"a":1}'],
    ['nothing is an empty object', '', 'application/json', {}],
    ['blanks as JSON are an empty object', ' \n', 'application/json', {}],
  ] as const) {
    test(name, async () => assert.deepEqual(JSON.parse(read(text, type).json), body));
  }

  test('is there as it came, for signatures', async () => {
    assert.equal(read('{ "a" : 1 }', 'application/json').rawJson, JSON.stringify('{ "a" : 1 }'));
    const bytes = read(Buffer.from([255, 254]), 'application/octet-stream');
    assert.deepEqual([bytes.rawJson, bytes.isBase64, bytes.json], ['"//4="', true, '"//4="']);
  });

  for (const text of ['{', "{'a':1}", 'a=b']) {
    test(`${text} as JSON is refused`, () =>
      assert.throws(() => read(text, 'application/json'), { code: 'invalid_json' }));
  }

  test('that is deeply nested costs nothing', async () => {
    const deep = `${'['.repeat(500_000)}${']'.repeat(500_000)}`;
    assert.equal(read(deep, 'application/json').json, deep);
  });

  test('as a multipart form has fields and files', async () => {
    const form = new FormData();
    form.set('name', 'Ann');
    form.append('tag', 'x');
    form.append('tag', 'y');
    form.set('file', new File(['hello'], 'a.txt', { type: 'text/plain' }));
    const request = new Request('http://localhost', { method: 'POST', body: form });
    const body = read(Buffer.from(await request.arrayBuffer()), request.headers.get('content-type'));
    assert.deepEqual(JSON.parse(body.json), {
      name: 'Ann',
      tag: ['x', 'y'],
      file: { filename: 'a.txt', contentType: 'text/plain', sizeBytes: 5, base64: 'aGVsbG8=' },
    });
    assert.deepEqual(JSON.parse(JSON.stringify(body.form)), { name: ['Ann'], tag: ['x', 'y'] });
  });

  test('that is no multipart form although it says so is refused', async () => {
    assert.throws(() => read('nonsense', 'multipart/form-data; boundary=x'), { code: 'invalid_input' });
  });
});
