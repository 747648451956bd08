// What functions may expect of Lambda's Node: variables that Node reads at its start, streamed answers,
// handlers in TypeScript, an instance that stays, and one that never starts. Through the public port, with
// real jails.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { makeAuthority } from '../internet/certificates.ts';
import { Customer, type HostedFunction, zipOf } from './customer.ts';
import { type Millrace, noJails, startMillrace } from './start-millrace.ts';

const skip = noJails();

let millrace: Millrace;
let customer: Customer;

before(async () => {
  if (skip !== false) return;
  millrace = await startMillrace();
  customer = new Customer(millrace);
});
after(() => millrace?.close());

const says = (expression: string): string =>
  `exports.handler = async () => ({ statusCode: 200, body: String(${expression}) });`;

async function textOf(fn: HostedFunction): Promise<string> {
  const answer = await customer.call(fn);
  const text = await answer.text();
  assert.equal(answer.status, 200, text);
  return text;
}

for (const reuse of ['warm', 'none']) {
  describe(`variables that Node reads at its start, with reuse: ${reuse}`, { skip }, () => {
    async function upload(files: Record<string, string>, variables: Record<string, string>) {
      const fn = await customer.upload(zipOf(files), { variables });
      await customer.settings(fn, { reuse });
      return fn;
    }

    test('NODE_OPTIONS loads modules before the handler, in their order', async () => {
      const files = {
        'index.js': says('globalThis.order'),
        'telemetry.js': `globalThis.order = ['required', ...(globalThis.order ?? [])];`,
        'hooks.mjs': `globalThis.order = ['imported', ...(globalThis.order ?? [])];`,
      };
      const variables = { NODE_OPTIONS: '--require ./telemetry --import=./hooks.mjs' };
      assert.equal(await textOf(await upload(files, variables)), 'imported,required');
    });

    test('NODE_OPTIONS switches source maps on', async () => {
      const map = { version: 3, sources: ['original.ts'], names: [], mappings: 'AAAA' };
      const url = `data:application/json;base64,${Buffer.from(JSON.stringify(map)).toString('base64')}`;
      const code = `exports.handler = async () => ({ statusCode: 200, body: new Error('x').stack });\n//# sourceMappingURL=${url}`;
      const stack = await textOf(
        await upload({ 'index.js': code }, { NODE_OPTIONS: '--enable-source-maps' }),
      );
      assert.match(stack, /original\.ts/);
      assert.doesNotMatch(await textOf(await upload({ 'index.js': code }, {})), /original\.ts/);
    });

    test('NODE_EXTRA_CA_CERTS is trusted', async () => {
      const folder = mkdtempSync(path.join(tmpdir(), 'millrace-ca-'));
      const { caFile, issue } = makeAuthority(folder);
      const { keyFile, certFile } = issue('localhost');
      const [ca, key, cert] = [caFile, keyFile, certFile].map((file) => readFileSync(file, 'utf8'));
      rmSync(folder, { recursive: true });
      const code = `
        const https = require('node:https');
        const fs = require('node:fs');
        exports.handler = async () => {
          const server = https.createServer({ key: fs.readFileSync('key.pem'), cert: fs.readFileSync('cert.pem') }, (_, answer) => answer.end('trusted'));
          await new Promise((done) => server.listen(0, '127.0.0.1', done));
          try {
            return { statusCode: 200, body: await (await fetch('https://localhost:' + server.address().port)).text() };
          } catch (error) {
            return { statusCode: 200, body: 'refused' };
          } finally {
            server.close();
          }
        };`;
      const all = { 'index.js': code, 'ca.pem': `${ca}`, 'key.pem': `${key}`, 'cert.pem': `${cert}` };
      assert.equal(await textOf(await upload(all, { NODE_EXTRA_CA_CERTS: '/var/task/ca.pem' })), 'trusted');
      assert.equal(await textOf(await upload(all, {})), 'refused');
    });
  });
}

test('an option that can’t take effect is refused when it is set, with the reason', { skip }, async () => {
  for (const [options, reason] of [
    ['--inspect=0.0.0.0:9229', /NODE_OPTIONS with --inspect=0\.0\.0\.0:9229: nothing can be attached/],
    ['--enable-source-maps --max-old-space-size=4096', /the heap follows the memory of the function/],
    ['--openssl-legacy-provider', /--openssl-legacy-provider: it can only be given to Node at its start/],
    ['--require', /--require without a value/],
  ] as const) {
    const refused = customer.uploadCode(says('1'), { variables: { NODE_OPTIONS: options } });
    await assert.rejects(refused, reason);
  }
});

test('a streamed answer is sent when it has ended, with what it says of itself', { skip }, async () => {
  const plain = await customer.uploadCode(`
    exports.handler = awslambda.streamifyResponse(async (event, stream) => {
      stream.setContentType('text/plain');
      stream.write('one, ');
      setTimeout(() => stream.end('two'), 20);
    });`);
  const answer = await customer.call(plain);
  assert.deepEqual([answer.status, answer.headers.get('content-type')], [200, 'text/plain']);
  assert.equal(await answer.text(), 'one, two');
  const described = await customer.uploadCode(`
    const { pipeline } = require('node:stream/promises');
    const { Readable } = require('node:stream');
    exports.handler = awslambda.streamifyResponse(async (event, stream, context) => {
      const about = { statusCode: 201, headers: { 'X-Own': context.awsRequestId }, cookies: ['a=1', 'b=2'] };
      await pipeline(Readable.from([Buffer.from([0, 255])]), awslambda.HttpResponseStream.from(stream, about));
    });`);
  const bytes = await customer.call(described);
  assert.deepEqual([bytes.status, bytes.headers.getSetCookie()], [201, ['a=1', 'b=2']]);
  assert.equal(bytes.headers.get('x-own'), bytes.headers.get('x-run-id'));
  assert.deepEqual(Buffer.from(await bytes.arrayBuffer()), Buffer.from([0, 255]));
});

test('a streamed answer that is never ended, throws, or is too large fails its run', { skip }, async () => {
  for (const [code, problem] of [
    [`async (event, stream) => { stream.write('x'); }`, /Promise that was never settled/],
    [`async () => { throw new Error('broken'); }`, /broken/],
    [`async (event, stream) => { stream.end(Buffer.alloc(7e6)); }`, /exceeded/],
  ] as const) {
    const fn = await customer.uploadCode(`exports.handler = awslambda.streamifyResponse(${code});`);
    const answer = await customer.call(fn);
    const run = await customer.runOf(answer);
    assert.equal(answer.status, 502);
    assert.match(run.error?.message ?? '', problem);
  }
});

test('a handler may be TypeScript where the engine strips types', { skip }, async () => {
  const handler = (word: string): string =>
    `const handler = async (event: { path: string }): Promise<object> => ({ statusCode: 200, body: '${word}' });\n`;
  for (const [word, files] of [
    ['ts', { 'index.ts': `${handler('ts')}export { handler };`, 'package.json': '{"type":"module"}' }],
    ['mts', { 'index.mts': `${handler('mts')}export { handler };` }],
    ['cts', { 'index.cts': `${handler('cts')}module.exports = { handler };` }],
  ] as [string, Record<string, string>][]) {
    const fn = await customer.upload(zipOf(files), { environment: 'nodejs24.x' });
    assert.equal(await textOf(fn), word);
  }
});

test('a handler in TypeScript on an older engine says what it needs', { skip }, async () => {
  const fn = await customer.upload(zipOf({ 'index.ts': 'export const handler = async () => null;' }), {
    environment: 'nodejs20.x',
  });
  const run = await customer.runOf(await customer.call(fn));
  assert.deepEqual([run.status, run.error?.type], ['failed', 'Runtime.ImportModuleError']);
  assert.match(run.error?.message ?? '', /index\.ts is TypeScript, .*choose nodejs22\.x or newer/);
});

test('an instance whose code prints while it is loaded is kept for the next run', { skip }, async () => {
  // What it prints is read long before loading is over.
  const code = `console.log('loads'); console.error('loads');
    const until = Date.now() + 300; while (Date.now() < until);
    let runs = 0; exports.handler = async () => ({ statusCode: 200, body: 'run ' + ++runs });`;
  for (const concurrency of [1, 2]) {
    const fn = await customer.uploadCode(code);
    await customer.settings(fn, { concurrency });
    const first = await customer.call(fn);
    assert.equal(await first.text(), 'run 1');
    const run = await customer.runOf(first);
    assert.equal(run.status, 'succeeded');
    const loads = (await customer.logOf(run)).filter((line) => line.endsWith('loads'));
    assert.equal(loads.length, 2);
    assert.equal(await (await customer.call(fn)).text(), 'run 2');
  }
});

test('a process that ends while its code is loaded is told with the run', { skip }, async () => {
  const fn = await customer.uploadCode('process.exit(3); exports.handler = async () => {};');
  const run = await customer.runOf(await customer.call(fn));
  const message = `RequestId: ${run.id} Error: Runtime exited with error: exit status 3`;
  assert.deepEqual([run.error?.type, run.error?.message], ['Runtime.ExitError', message]);
});
