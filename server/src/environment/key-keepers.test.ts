import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { KeySettings } from '../config/key-settings.ts';
import { keeperOf, withMasterKey } from './key-keepers.ts';

const KEY = Buffer.alloc(32, 5);
const NONE: KeySettings = { masterKey: null, masterKeyPath: null, keyService: null };

describe('the master key', () => {
  let folder: string;
  let server: Server;
  let url: string;
  let answer: { status: number; body: string };
  let asked: unknown[];

  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'millrace-keepers-'));
    server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk) => {
        body += chunk;
      });
      request.on('end', () => {
        asked.push([request.method, request.url, request.headers.authorization, JSON.parse(body)]);
        response.writeHead(answer.status, { location: 'http://localhost:1/' }).end(answer.body);
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/transit/decrypt/millrace`;
  });
  after(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });

  const byService = (): KeySettings => ({
    ...NONE,
    keyService: { url, token: 'the-token', sealedKey: 'vault:v1:sealed' },
  });
  const answering = (status: number, body: unknown): void => {
    asked = [];
    answer = { status, body: typeof body === 'string' ? body : JSON.stringify(body) };
  };

  test('stays with the data dir where no other keeper is set', async () => {
    assert.equal(keeperOf(NONE), null);
    assert.deepEqual(await withMasterKey(NONE), NONE);
  });

  test('is the environment’s, or lies in a file', async () => {
    const own = { ...NONE, masterKey: KEY };
    assert.deepEqual(await withMasterKey(own), own);
    const masterKeyPath = path.join(folder, 'key');
    writeFileSync(masterKeyPath, `${KEY.toString('base64')}\n`);
    const read = await withMasterKey({ ...NONE, masterKeyPath });
    assert.deepEqual(read.masterKey, KEY);
    assert.equal(keeperOf(read)?.told, `MILLRACE_MASTER_KEY_FILE (${masterKeyPath})`);
    writeFileSync(masterKeyPath, 'c2hvcnQ=');
    await assert.rejects(
      withMasterKey({ ...NONE, masterKeyPath }),
      /must hold 32 bytes in base64, and holds 5/,
    );
    const missing = { ...NONE, masterKeyPath: path.join(folder, 'none') };
    await assert.rejects(withMasterKey(missing), /MILLRACE_MASTER_KEY_FILE .*can't be read \(ENOENT\)/);
  });

  test('is opened by a service, which is asked once for what it has sealed', async () => {
    answering(200, { data: { plaintext: KEY.toString('base64') } });
    assert.deepEqual((await withMasterKey(byService())).masterKey, KEY);
    assert.deepEqual(asked, [
      ['POST', '/v1/transit/decrypt/millrace', 'Bearer the-token', { ciphertext: 'vault:v1:sealed' }],
    ]);
  });

  test('is not there when the service refuses, answers otherwise, or leads elsewhere; no answer is told', async () => {
    const secret = KEY.toString('base64');
    for (const [status, body, said] of [
      [403, { errors: ['permission denied'] }, /refuses to open the key: it answers 403/],
      [200, `not JSON ${secret}`, /answers without data\.plaintext/],
      [200, { plaintext: secret }, /answers without data\.plaintext/],
      [200, { data: { plaintext: 'c2hvcnQ=' } }, /must hold 32 bytes in base64, and holds 5/],
      [302, '', /does not answer/],
    ] as const) {
      answering(status, body);
      await assert.rejects(withMasterKey(byService()), (error: Error) => {
        assert.match(error.message, said);
        assert.ok(!error.message.includes(secret) && !error.message.includes('the-token'));
        return true;
      });
    }
    const nobody = { ...NONE, keyService: { url: 'http://127.0.0.1:1/', token: 't', sealedKey: 's' } };
    await assert.rejects(withMasterKey(nobody), /MILLRACE_KEY_SERVICE_URL .* does not answer/);
  });
});
