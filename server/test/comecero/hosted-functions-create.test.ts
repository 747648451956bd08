// Creating hosted functions: what the console uploads, and every refusal, which leaves nothing behind.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import path from 'node:path';
import { describe, it } from 'node:test';
import { buildZip } from '../versions/build-zip.ts';
import {
  type Answer,
  admin,
  assertRefused,
  CODE,
  call,
  create,
  database,
  dataDir,
  FIELDS,
  JSON_BODY,
  LIMITS,
  logged,
  NOTHING,
  OTHER_CODE,
  origin,
  PUBLIC_URL,
  RAW,
  rawBody,
  remains,
  sha256,
  withField,
} from './hosted-functions-fixture.ts';

describe('creating a hosted function', () => {
  it("takes the console's own upload and answers the full resource as JSON", async () => {
    const answer = await create();
    assert.equal(answer.status, 201);
    assert.match(answer.type ?? '', /^application\/json/);
    const { hosted_function_id: id, date_created: at, date_modified: modified, ...rest } = answer.body;
    assert.match(String(id), /^01[0-9]{11}[0-9A-Za-z]{9}$/);
    assert.match(String(at), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    assert.equal(modified, at);
    assert.deepEqual(rest, {
      name: 'Subscribe',
      description: 'Adds customers\nto a list',
      handler: 'index.handler',
      environment: 'nodejs8.10',
      environment_variables: { API_KEY: 'secret' },
      filename: 'code.zip',
      bytes: CODE.length,
      invoke_url: `${PUBLIC_URL}/func/v1/${id}`,
      version: 1,
      engine: { name: 'node', version: '18', substituted: true },
      account_id: 'AA0001',
      test: false,
      url: `${PUBLIC_URL}/api/v1/hosted_functions/${id}`,
    });
    assert.deepEqual((await call('GET', `/hosted_functions/${id}`)).body, answer.body);
  });

  it('takes a FormData whose file is called file', async () => {
    const form = new FormData();
    for (const [name, value] of [
      ['name', 'größe'],
      ['handler', 'a/b.c'],
      ['environment', 'nodejs20.x'],
    ] as const) {
      form.set(name, value);
    }
    form.set('environment_variables', '');
    form.set('file', new Blob([new Uint8Array(CODE)]), 'größe.zip');
    const { status, body } = await call('POST', '/hosted_functions', form);
    assert.equal(status, 201, JSON.stringify(body));
    assert.equal(body.name, 'größe');
    assert.equal(body.filename, 'größe.zip');
    assert.deepEqual(body.environment_variables, {});
    assert.equal(body.description, null);
    assert.deepEqual(body.engine, { name: 'node', version: '20', substituted: false });
  });

  it('unpacks the code under its hash and keeps it, sealed variables apart, in the database', async () => {
    await create();
    assert.equal(
      readFileSync(path.join(dataDir, 'bundles', sha256(CODE), 'index.js'), 'utf8'),
      'exports.handler = 1;',
    );
    const [row] = await database.query<{ zip: Buffer; sealed: Buffer; everything: string }>(
      `select b.zip, f.sealed_variables as sealed, f::text as everything
       from functions f join versions v on v.function_id = f.id join bundles b on b.hash = v.bundle_hash`,
    );
    assert.deepEqual(row?.zip, CODE);
    assert.ok(!row?.sealed.includes('secret'));
    assert.ok(!row?.everything.includes(Buffer.from('secret').toString('hex')));
  });

  it("accepts a zip without the handler's file", async () => {
    assert.equal((await create(withField('handler', 'missing.handler'))).status, 201);
  });

  it('keeps one bundle of the same bytes for several functions', async () => {
    await Promise.all(['one', 'two', 'three'].map((name) => create(withField('name', name))));
    assert.deepEqual(await remains(), { functions: 3, versions: 3, bundles: 1, folders: [] });
  });

  const refusals: [string, Answer | (() => Promise<Answer>), RegExp][] = [
    ['no runtime chosen', () => create(withField('environment', '?')), /^environment: no runtime was chosen/],
    ['no runtime sent', () => create(withField('environment', null)), /^environment: is required/],
    ['an empty runtime', () => create(withField('environment', '')), /^environment: no runtime was chosen/],
    [
      'a runtime that nothing of this machine runs',
      () => create(withField('environment', 'java8')),
      /^environment: java8 needs Java 11 or later, .*: install a JDK/,
    ],
    [
      'a runtime of another language',
      () => create(withField('environment', 'ruby3.3')),
      /no runtime for ruby3\.3.*nodejs20\.x/,
    ],
    ['an unknown runtime', () => create(withField('environment', 'cobol')), /"cobol" is not a runtime/],
    ['an empty handler', () => create(withField('handler', '')), /^handler: must not be empty/],
    ['no handler', () => create(withField('handler', null)), /^handler: is required/],
    ['a long handler', () => create(withField('handler', 'x'.repeat(129))), /at most 128/],
    ['a handler of several lines', () => create(withField('handler', 'a\nb')), /control characters/],
    ['an empty name', () => create(withField('name', ' ')), /^name: must not be empty/],
    ['no name', () => create(withField('name', null)), /^name: is required/],
    ['a name with NUL', () => create(withField('name', 'a\0')), /^name: must not contain NUL/],
    ['a long description', () => create(withField('description', 'x'.repeat(251))), /^description: .*250/],
    [
      'variables that are no JSON',
      () => create(withField('environment_variables', '{x')),
      /^environment_variables/,
    ],
    ['variables that are no object', () => create(withField('environment_variables', '[1]')), /object/],
    [
      'a reserved variable',
      () => create(withField('environment_variables', '{"PATH":"x"}')),
      /PATH.*platform/,
    ],
    ['a badly named variable', () => create(withField('environment_variables', '{"1a":"x"}')), /"1a"/],
    [
      'too many variables',
      () => create(withField('environment_variables', `{"A":"${'x'.repeat(4096)}"}`)),
      /4096/,
    ],
    ['no file', () => call('POST', '/hosted_functions', rawBody(FIELDS), RAW), /^file: a zip .* is required/],
    [
      'a file field left empty',
      () => call('POST', '/hosted_functions', rawBody(FIELDS, [{ filename: '', zip: Buffer.alloc(0) }]), RAW),
      /^file: a zip .* is required/,
    ],
    [
      'several files',
      () => call('POST', '/hosted_functions', rawBody(FIELDS, [{ zip: CODE }, { zip: OTHER_CODE }]), RAW),
      /one file, not 2/,
    ],
    ['something that is no zip', () => create(FIELDS, Buffer.from('not a zip')), /zip can't be used/],
    [
      'a zip that climbs out',
      () =>
        create(
          FIELDS,
          buildZip([
            { name: '../x', content: 'x' },
            { name: 'a', content: 'y' },
          ]),
        ),
      /"\.\.\/x" leads out/,
    ],
    [
      'a zip that is too large unpacked',
      () => create(FIELDS, buildZip([{ name: 'a', content: Buffer.alloc(100_001) }])),
      /larger than 100000 bytes/,
    ],
    [
      'a body cut short',
      () => call('POST', '/hosted_functions', rawBody(FIELDS).subarray(0, 300), RAW),
      /malformed/,
    ],
    [
      'a multipart body without boundary',
      () =>
        call('POST', '/hosted_functions', Buffer.from('x'), {
          headers: { 'content-type': 'multipart/form-data' },
        }),
      /malformed/,
    ],
    [
      'a field named like a trap',
      () => call('POST', '/hosted_functions', rawBody([['__proto__', 'x']], [{ zip: CODE }]), RAW),
      /malformed/,
    ],
    [
      'a JSON body, which holds no file',
      () => call('POST', '/hosted_functions', JSON.stringify(Object.fromEntries(FIELDS)), JSON_BODY),
      /^file: a zip .* is required/,
    ],
    ['a JSON list', () => call('POST', '/hosted_functions', '[]', JSON_BODY), /must be an object/],
  ];
  for (const [name, refused, message] of refusals) {
    it(`refuses ${name} and leaves nothing`, async () => {
      assertRefused(typeof refused === 'function' ? await refused() : refused, 400, 'invalid_input', message);
      assert.deepEqual(await remains(), NOTHING);
    });
  }

  it('refuses a file over the limit with 413, and takes one of exactly the limit', async () => {
    const filler = (bytes: number): Buffer =>
      buildZip([{ name: 'x', content: Buffer.alloc(bytes), stored: true }]);
    const overhead = filler(0).length;
    const over = await create(FIELDS, filler(LIMITS.uploadBytes - overhead + 1));
    assertRefused(over, 413, 'payload_too_large', /at most 20000 bytes/);
    assertRefused(
      await create(FIELDS, Buffer.alloc(900_000)),
      413,
      'payload_too_large',
      /at most 20000 bytes/,
    );
    assert.deepEqual(await remains(), NOTHING);
    const exact = await create(FIELDS, filler(LIMITS.uploadBytes - overhead));
    assert.equal(exact.status, 201);
    assert.equal(exact.body.bytes, LIMITS.uploadBytes);
    rmSync(path.join(dataDir, 'bundles', sha256(filler(LIMITS.uploadBytes - overhead))), { recursive: true });
  });

  it('leaves nothing when the client goes away in the middle of the file', async () => {
    const body = rawBody(FIELDS, [{ zip: CODE }]);
    const socket = connect(Number(new URL(origin).port), '127.0.0.1');
    await once(socket, 'connect');
    const head = `POST /api/v1/hosted_functions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${admin}\r\n`;
    socket.write(
      `${head}Content-Type: ${RAW.headers['content-type']}\r\nContent-Length: ${body.length}\r\n\r\n`,
    );
    const refused = once(logged, 'invalid_input');
    socket.write(body.subarray(0, body.length - 100), () => socket.destroy());
    await refused;
    assert.deepEqual(await remains(), NOTHING);
  });
});
