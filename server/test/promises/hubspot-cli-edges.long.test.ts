// What clients of HubSpot's file and function API meet at the edges, where its CLI leads nobody: as requests,
// over HTTP and HTTPS.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import https from 'node:https';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import tls from 'node:tls';
import { freePort, type Millrace, noJails, startMillrace } from './start-millrace.ts';

const skip = noJails();
const FILES = '/content/filemapper/v1';
const FUNCTIONS = '/cms/v3/functions';
const SECRETS = `${FUNCTIONS}/secrets`;
const ENV = {
  MILLRACE_SECRETS_PER_ACCOUNT: '2',
  MILLRACE_SECRET_BYTES: '64',
  MILLRACE_FILE_BYTES: '4096',
  MILLRACE_ENDPOINTS_PER_ACCOUNT: '3',
};

let millrace: Millrace;
let tlsPort: number;
let dataDir: string;

before(async () => {
  if (skip) return;
  dataDir = mkdtempSync(path.join(tmpdir(), 'millrace-data-'));
  tlsPort = await freePort();
  millrace = await startMillrace({ dataDir, env: { ...ENV, MILLRACE_TLS_PORT: String(tlsPort) } });
});
after(async () => {
  await millrace?.stop();
  if (dataDir) rmSync(dataDir, { recursive: true, force: true });
});

function request(address: string, init: RequestInit = {}): Promise<Response> {
  const headers = new Headers(init.headers);
  if (!headers.has('authorization')) headers.set('authorization', `Bearer ${millrace.token}`);
  return fetch(`${millrace.url}${address}`, { ...init, headers });
}

async function messageOf(answer: Response): Promise<string> {
  const { message, errors } = (await answer.json()) as { message: string; errors: { message: string }[] };
  return [message, ...errors.map((error) => error.message)].join(' | ');
}

function upload(name: string, content: string | Uint8Array<ArrayBuffer>): Promise<Response> {
  const form = new FormData();
  form.set('file', new Blob([content]), name.split('/').pop());
  return request(`${FILES}/upload/${encodeURIComponent(name)}`, { method: 'POST', body: form });
}

async function remove(name: string): Promise<void> {
  assert.equal(
    (await request(`${FILES}/delete/${encodeURIComponent(name)}`, { method: 'DELETE' })).status,
    204,
  );
}

function json(method: string, body: unknown): RequestInit {
  return { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

async function answers(endpoint: string, expected: string | number): Promise<void> {
  const giveUpAt = Date.now() + 30_000;
  for (;;) {
    const answer = await fetch(`${millrace.url}/_hcms/api/${endpoint}?portalid=1001`);
    const text = await answer.text();
    if (answer.status === expected || text === expected) return;
    assert.ok(Date.now() < giveUpAt, `${endpoint} answers ${answer.status} ${text}, not ${expected}`);
    await sleep(50);
  }
}

function saying(text: string): string {
  return `exports.main = (context, sendResponse) => sendResponse({ body: ${JSON.stringify(text)} });`;
}

function declaring(...paths: string[]): string {
  return JSON.stringify({ endpoints: Object.fromEntries(paths.map((name) => [name, { file: 'a.js' }])) });
}

describe('files', { skip }, () => {
  test('a part without a file name keeps its bytes as they are', async () => {
    const head = '--b\r\nContent-Disposition: form-data; name="file"\r\nContent-Type: image/png\r\n\r\n';
    const bytes = Buffer.from([0, 255, 128, 13, 10, 195, 40]);
    const body = Buffer.concat([Buffer.from(head), bytes, Buffer.from('\r\n--b--\r\n')]);
    const init = { method: 'POST', headers: { 'content-type': 'multipart/form-data; boundary=b' }, body };
    assert.equal((await request(`/acme.com${FILES}/upload/%2Ft%2Fa%20b.png?buffer=false`, init)).status, 204);
    const answer = await request(`${FILES}/stream/%2Ft%2Fa%20b.png`);
    assert.deepEqual(Buffer.from(await answer.arrayBuffer()), bytes);
    assert.match(
      answer.headers.get('content-disposition') ?? '',
      /^attachment; filename="a b\.png"; creation-date=\d+/,
    );
    await remove('t');
  });

  for (const [title, name, content, status, words] of [
    ['a path that climbs', 't/../../etc/passwd', 'x', 400, 'must not have a segment . or ..'],
    ['a file over the limit', 't/large.txt', 'x'.repeat(4097), 413, 'at most 4096 bytes'],
    ['a name with a control character', 't/a\u0001.txt', 'x', 400, 'characters that no file name may have'],
    [
      'more endpoints than an account may have',
      'e/a.functions/serverless.json',
      declaring('a', 'b', 'c', 'd'),
      400,
      '1 too many',
    ],
  ] as const) {
    test(`${title} is refused and leaves nothing`, async () => {
      const answer = await upload(name, content);
      assert.equal(answer.status, status);
      assert.ok((await messageOf(answer)).includes(words));
      const root = (await (await request(`${FILES}/meta//`)).json()) as { children: string[] };
      assert.deepEqual(root.children, []);
    });
  }

  test('a folder can not become a file, nor a file a folder', async () => {
    await upload('t/a', 'x');
    assert.match(await messageOf(await upload('t/a/b', 'x')), /t\/a is a file/);
    assert.match(await messageOf(await upload('t', 'x')), /t is a folder/);
    const rename = await request(`${FILES}/rename/t/a?path=t/a`, { method: 'PUT' });
    assert.equal(rename.status, 204);
    await upload('t/b', 'x');
    assert.equal((await request(`${FILES}/rename/t/a?path=t/b`, { method: 'PUT' })).status, 409);
    await remove('t');
    await remove('t');
  });

  test('nothing is told to whom has no token, or a wrong one', async () => {
    for (const address of [
      `${FILES}/meta//`,
      SECRETS,
      `${FUNCTIONS}/routes`,
      `${FUNCTIONS}/results/by-route/a`,
    ]) {
      assert.equal((await fetch(`${millrace.url}${address}`)).status, 401, address);
      assert.equal((await fetch(`${millrace.url}${address}?hapikey=wrong`)).status, 401, address);
    }
  });

  test('a test token has files, secrets and endpoints of its own', async () => {
    const trusted = await request('/api/v1/auths/trusted?test=true', json('POST', {}));
    const { token } = (await trusted.json()) as { token: string };
    await request(SECRETS, json('POST', { key: 'LIVE_ONE', secret: 'x' }));
    const answer = await fetch(`${millrace.url}${SECRETS}?hapikey=${encodeURIComponent(token)}`);
    assert.deepEqual(await answer.json(), { results: [] });
    await request(`${SECRETS}/LIVE_ONE`, { method: 'DELETE' });
  });
});

describe('secrets', { skip }, () => {
  test('one over the limit, one too long and one that is not there are told, not lost', async () => {
    for (const key of ['ONE', 'TWO']) {
      assert.equal((await request(SECRETS, json('POST', { key, secret: 'x' }))).status, 204);
    }
    const third = await request(SECRETS, json('POST', { key: 'THREE', secret: 'x' }));
    assert.equal(third.status, 400);
    assert.match(await messageOf(third), /may have 2 secrets/);
    assert.equal((await request(SECRETS, json('PUT', { key: 'ONE', secret: 'y' }))).status, 204);
    assert.equal((await request(SECRETS, json('PUT', { key: 'NONE', secret: 'y' }))).status, 404);
    assert.equal((await request(SECRETS, json('PUT', { key: 'ONE', secret: 'é'.repeat(33) }))).status, 400);
    for (const key of ['ONE', 'TWO', 'TWO']) await request(`${SECRETS}/${key}`, { method: 'DELETE' });
    assert.deepEqual(await (await request(SECRETS)).json(), { results: [] });
  });
});

describe('folders', { skip }, () => {
  test('files in any order make an endpoint, as soon as the last is there', async () => {
    await upload('o/a.functions/serverless.json', declaring('ordered'));
    await sleep(800);
    await answers('ordered', 404);
    await upload('o/a.functions/a.js', saying('there'));
    await answers('ordered', 'there');
    await remove('o');
    await answers('ordered', 404);
  });

  test('a folder that is moved goes on answering', async () => {
    await upload('m/a.functions/serverless.json', declaring('moving'));
    await upload('m/a.functions/a.js', saying('moved'));
    await answers('moving', 'moved');
    let isMoving = true;
    const seen = new Set<string>();
    const calling = (async () => {
      while (isMoving) {
        seen.add(await (await fetch(`${millrace.url}/_hcms/api/moving?portalid=1001`)).text());
      }
    })();
    assert.equal((await request(`${FILES}/rename/m?path=n`, { method: 'PUT' })).status, 204);
    const giveUpAt = Date.now() + 20_000;
    for (;;) {
      const { objects } = (await (await request(`${FUNCTIONS}/routes`)).json()) as {
        objects: { rawAssetPath: string }[];
      };
      if (objects.length === 1 && objects[0]?.rawAssetPath === '/n/a.functions/a.js') break;
      assert.ok(Date.now() < giveUpAt, JSON.stringify(objects));
      await sleep(100);
    }
    // The old one is retired some seconds after the new one is live.
    await sleep(4_000);
    isMoving = false;
    await calling;
    assert.deepEqual([...seen], ['moved']);
    await remove('n');
  });

  test('what was uploaded just before a crash is live after the next start', async () => {
    await upload('p/a.functions/serverless.json', declaring('survivor'));
    await upload('p/a.functions/a.js', saying('alive'));
    process.kill(millrace.pid, 'SIGKILL');
    await millrace.ended;
    millrace = await startMillrace({ dataDir, env: { ...ENV, MILLRACE_TLS_PORT: String(tlsPort) } });
    await answers('survivor', 'alive');
  });
});

describe('HTTPS', { skip }, () => {
  function ca(): Buffer {
    return readFileSync(path.join(dataDir, 'tls/ca.pem'));
  }

  function get(
    address: string,
    options: https.RequestOptions = {},
  ): Promise<{ status: number; text: string }> {
    return new Promise((resolve, reject) => {
      const call = https.get(`https://localhost:${tlsPort}${address}`, { ca: ca(), ...options }, (answer) => {
        let text = '';
        answer.on('data', (chunk) => (text += chunk));
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }));
      });
      call.on('error', reject);
    });
  }

  test('its address and its authority are told at the start', () => {
    const told = millrace.output();
    assert.ok(told.includes(`https://localhost:${tlsPort}`), told);
    assert.ok(told.includes(path.join(dataDir, 'tls/ca.pem')), told);
  });

  test('it serves the same routes, to clients that trust its authority alone', async () => {
    assert.equal((await get('/healthz')).status, 200);
    const headers = { authorization: `Bearer ${millrace.token}` };
    assert.equal((await get('/acme.com/cms/v3/functions/secrets', { headers })).text, '{"results":[]}');
    await assert.rejects(get('/healthz', { ca: [] }), { code: 'SELF_SIGNED_CERT_IN_CHAIN' });
  });

  test('it has the same limits: large heads, old protocols and what is not HTTP are refused', async () => {
    const large = await get('/healthz', { headers: { 'x-large': 'x'.repeat(20_000) } });
    assert.equal(large.status, 431);
    await assert.rejects(get('/healthz', { maxVersion: 'TLSv1.1', minVersion: 'TLSv1' }));
    const socket = tls.connect({ port: tlsPort, host: 'localhost', ca: ca(), servername: 'localhost' });
    await once(socket, 'secureConnect');
    socket.end('nonsense\r\n\r\n');
    let text = '';
    for await (const chunk of socket) text += chunk;
    assert.match(text, /^HTTP\/1\.1 400 /);
  });

  test('an operator’s certificate is served, of a key that only root may read, and the port can be switched off', async () => {
    await millrace.stop();
    const folder = mkdtempSync(path.join(tmpdir(), 'millrace-given-'));
    const [cert, key] = ['cert.pem', 'key.pem'].map((name) => path.join(folder, name)) as [string, string];
    execFileSync('openssl', [
      ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=given.example'],
      ...['-addext', 'subjectAltName=DNS:localhost', '-keyout', key, '-out', cert],
    ]);
    execFileSync('chmod', ['600', key, cert]);
    execFileSync('chmod', ['700', folder]);
    const given = { MILLRACE_TLS_PORT: String(tlsPort), MILLRACE_TLS_CERT: cert, MILLRACE_TLS_KEY: key };
    millrace = await startMillrace({ dataDir, env: { ...ENV, ...given } });
    assert.equal((await get('/healthz', { ca: readFileSync(cert) })).status, 200);
    await millrace.stop();
    millrace = await startMillrace({ dataDir, env: { ...ENV, MILLRACE_TLS_PORT: '0' } });
    await assert.rejects(get('/healthz'), { code: 'ECONNREFUSED' });
    rmSync(folder, { recursive: true });
  });
});
