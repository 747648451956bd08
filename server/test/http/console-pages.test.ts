// The console's pages as the server sends them: from a folder as the build leaves it, over real HTTP.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { createPageAnswers } from '../../src/console/answer-page.ts';
import { watchBuiltPages } from '../../src/console/built-pages.ts';
import { readBuildState } from '../../src/console/waiting-page.ts';
import { createHttpServer } from '../../src/http/open-http-server.ts';

const CONSOLE = 'http://console.localhost';
const PRODUCT = 'https://app.vendor.example';
const folder = mkdtempSync(path.join(tmpdir(), 'millrace-pages-'));
const dist = path.join(folder, 'dist');
const state = path.join(folder, 'console.json');
let server: FastifyInstance;
let port: number;
let nowMs = 0;

before(async () => {
  const answerPage = createPageAnswers({
    ...{
      pages: watchBuiltPages(dist, () => nowMs),
      manual: () => null,
      buildState: () => readBuildState(state),
    },
    ...{ consoleUrl: CONSOLE, portalOrigins: [PRODUCT] },
  });
  server = createHttpServer({
    ...{ log: pino({ enabled: false }), bodyLimitBytes: 1_000 },
    consoleHost: { url: CONSOLE, answerPage },
  });
  server.get('/fn/x', async () => 'a function');
  server.get('/millrace/v1/session', async () => 'the API');
  await server.listen({ port: 0, host: '127.0.0.1' });
  port = (server.server.address() as AddressInfo).port;
});
after(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

type Answer = { status: number; headers: http.IncomingHttpHeaders; body: Buffer };

function get(address: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = { host: 'console.localhost', ...headers };
    const request = http.request({ port, path: address, method, headers: sent }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(parts),
        }),
      );
    });
    request.on('error', reject);
    request.end();
  });
}

/** As the build does it: beside the old one, then in its place. */
function build(script: string): void {
  const fresh = path.join(folder, 'fresh');
  mkdirSync(path.join(fresh, 'assets'), { recursive: true });
  writeFileSync(path.join(fresh, 'index.html'), `<!doctype html><script src="/assets/${script}.js">`);
  const code = `console.log(${JSON.stringify(script.repeat(200))})`;
  writeFileSync(path.join(fresh, `assets/${script}.js`), code);
  writeFileSync(path.join(fresh, `assets/${script}.js.br`), brotliCompressSync(code));
  writeFileSync(path.join(fresh, `assets/${script}.js.gz`), gzipSync(code));
  writeFileSync(path.join(fresh, 'built-from'), script);
  rmSync(dist, { recursive: true, force: true });
  renameSync(fresh, dist);
  nowMs += 2_000;
}

test('while it is built, the address says so and asks again; a failure is named, as text', async () => {
  writeFileSync(state, JSON.stringify({ state: 'building' }));
  const meanwhile = await get('/functions');
  assert.equal(meanwhile.status, 503);
  assert.match(meanwhile.body.toString(), /being built[\s\S]*/);
  assert.match(meanwhile.body.toString(), /http-equiv="refresh"/);
  assert.equal(meanwhile.headers['cache-control'], 'no-store');
  writeFileSync(state, JSON.stringify({ state: 'failed', reason: 'no <b>registry</b> & no luck' }));
  const failed = await get('/');
  assert.equal(failed.status, 503);
  assert.ok(failed.body.toString().includes('no &lt;b&gt;registry&lt;/b&gt; &amp; no luck'));
  assert.doesNotMatch(failed.body.toString(), /refresh/);
  rmSync(state);
  assert.match((await get('/')).body.toString(), /npm start/);
});

test('every address that no file has answers the one page, never kept unasked', async () => {
  build('first');
  for (const address of ['/', '/functions/x?tab=code', '/portal', '/invitation', '/fn/x', '/api/v1/auths']) {
    const { status, headers, body } = await get(address);
    assert.equal(status, 200, address);
    assert.equal(headers['content-type'], 'text/html; charset=utf-8', address);
    assert.equal(headers['cache-control'], 'no-cache', address);
    assert.match(body.toString(), /assets\/first\.js/, address);
  }
  assert.equal((await get('/millrace/v1/session')).body.toString(), 'the API');
  assert.equal((await get('/fn/x', { host: 'localhost' })).body.toString(), 'a function');
  assert.equal((await get('/fn/x', {}, 'POST')).status, 404);
});

test('a file of the build is kept for good, in the smallest form that the client takes', async () => {
  const plain = await get('/assets/first.js');
  const br = await get('/assets/first.js', { 'accept-encoding': 'gzip, deflate, br' });
  const gz = await get('/assets/first.js', { 'accept-encoding': 'br;q=0, gzip;q=0.5' });
  for (const { headers, status } of [plain, br, gz]) {
    assert.equal(status, 200);
    assert.equal(headers['cache-control'], 'public, max-age=31536000, immutable');
    assert.equal(headers['content-type'], 'text/javascript; charset=utf-8');
    assert.equal(headers['cross-origin-resource-policy'], 'same-origin');
    assert.equal(headers.vary, 'accept-encoding');
  }
  assert.deepEqual(
    [plain, br, gz].map(({ headers }) => headers['content-encoding']),
    [undefined, 'br', 'gzip'],
  );
  assert.deepEqual(brotliDecompressSync(br.body), plain.body);
  assert.deepEqual(gunzipSync(gz.body), plain.body);
  const tag = br.headers.etag as string;
  const same = await get('/assets/first.js', { 'accept-encoding': 'br', 'if-none-match': tag });
  assert.deepEqual([same.status, same.body.length], [304, 0]);
  const head = await get('/assets/first.js', {}, 'HEAD');
  assert.deepEqual([head.headers['content-length'], head.body.length], [String(plain.body.length), 0]);
});

test('nothing but the files of the build is sent, whatever the path', async () => {
  writeFileSync(path.join(folder, 'secret.js'), 'secret');
  for (const address of ['/assets/../../secret.js', '/assets/%2e%2e/%2e%2e/secret.js', '/assets//etc/passwd'])
    assert.equal((await get(address)).status, 404, address);
  for (const address of ['/../secret.js', '/built-from', '//etc/passwd', '/assets'])
    assert.match((await get(address)).body.toString(), /^<!doctype html>/, address);
});

test('no other page frames it, but a portal by those that the operator names', async () => {
  const policyOf = async (address: string): Promise<string> =>
    String((await get(address)).headers['content-security-policy']);
  const own = await policyOf('/functions');
  assert.match(own, /^default-src 'self'; script-src 'self'; worker-src 'self';/);
  assert.match(own, /frame-ancestors 'none'$/);
  assert.ok(!own.includes(PRODUCT));
  for (const address of ['/portal', '/portal/runs?status=failed'])
    assert.match(await policyOf(address), /frame-ancestors https:\/\/app\.vendor\.example$/, address);
  for (const address of ['/portals', '/x/portal', '/?/portal'])
    assert.match(await policyOf(address), /frame-ancestors 'none'$/, address);
  const { headers } = await get('/');
  assert.equal(headers['cross-origin-opener-policy'], 'same-origin');
  assert.equal(headers['x-content-type-options'], 'nosniff');
});

test('a newer build takes the place of the old one without a start', async () => {
  const before = (await get('/')).headers.etag;
  build('second');
  const page = await get('/');
  assert.match(page.body.toString(), /assets\/second\.js/);
  assert.notEqual(page.headers.etag, before);
  assert.equal((await get('/assets/first.js')).status, 404);
});
