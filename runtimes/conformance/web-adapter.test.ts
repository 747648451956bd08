// A web server as a function: programs in JavaScript and Python that serve HTTP, called by proxy events and
// by others.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { RuntimeProcess } from './runtime-process.ts';

const SERVER = `#!${process.execPath}
const http = require('node:http');
let looks = 0;
http.createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks).toString();
  if (request.url === '/ready') return response.writeHead(++looks < 3 ? 503 : 204).end();
  if (request.url.startsWith('/binary')) return response.end(Buffer.from([255, 0, 1]));
  if (request.url === '/exit') process.exit(4);
  if (request.url === '/broken') return response.socket.destroy();
  if (request.url === '/headers') return response.writeHead(200, { 'x-long': 'v'.repeat(50_000) }).end();
  if (request.url === '/upgrade')
    return response.socket.write('HTTP/1.1 101 Other\\r\\nConnection: Upgrade\\r\\nUpgrade: other\\r\\n\\r\\n');
  if (request.url === '/large') return response.end('x'.repeat(7_000_000));
  if (request.url === '/events' && body === '"refused"') return response.writeHead(422).end('no such sale');
  console.log('asked ' + request.url);
  response.writeHead(201, [['Set-Cookie', 'a=1'], ['set-cookie', 'b=2'], ['X-Looks', String(looks)]]);
  response.end(JSON.stringify([request.method, request.url, body, request.headers]));
}).listen(Number(process.env.PORT), '127.0.0.1');
`;

async function serving(
  program: string,
  variables: Record<string, string>,
  use: (runtime: RuntimeProcess) => Promise<void>,
) {
  const taskRoot = mkdtempSync(path.join(tmpdir(), 'millrace-web-'));
  writeFileSync(path.join(taskRoot, 'bootstrap'), program);
  chmodSync(path.join(taskRoot, 'bootstrap'), 0o755);
  const env = { PATH: '/usr/bin:/bin', AWS_LWA_PORT: String(await freePort()), ...variables };
  const runtime = new RuntimeProcess('any', { language: 'provided', taskRoot, env });
  try {
    assert.deepEqual(await runtime.ready(), { engine: 'provided' });
    await use(runtime);
  } finally {
    // What it has started ends with its connection.
    await runtime.close();
    rmSync(taskRoot, { recursive: true });
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

const event = (change: object = {}): object => ({
  ...{ httpMethod: 'POST', path: '/shop/sales', resource: '/shop/{proxy+}' },
  multiValueHeaders: {
    Host: ['shop.example'],
    'X-Many': ['1', '2'],
    Connection: ['close'],
    'Content-Type': ['text/plain'],
  },
  multiValueQueryStringParameters: { a: ['1', 'x y'], b: ['é'] },
  ...{ body: 'héllo', isBase64Encoded: false, requestContext: { stage: 'live' } },
  ...change,
});

type Answer = {
  statusCode: number;
  multiValueHeaders: Record<string, string[]>;
  body: string;
  isBase64Encoded: boolean;
};
type Asked = [method: string, url: string, body: string, headers: Record<string, string>];

test('a web server is asked what the event says, once it is ready, and its response is the result', {
  timeout: 30_000,
}, async () => {
  await serving(SERVER, { AWS_LWA_READINESS_CHECK_PATH: '/ready' }, async (runtime) => {
    const { body, head } = await runtime.run(event());
    const answer = body as Answer;
    assert.equal(answer.statusCode, 201);
    assert.deepEqual(answer.multiValueHeaders['set-cookie'], ['a=1', 'b=2']);
    assert.deepEqual(answer.multiValueHeaders['x-looks'], ['3']);
    const [method, url, text, headers] = JSON.parse(answer.body) as Asked;
    assert.deepEqual([method, url, text], ['POST', '/shop/sales?a=1&a=x+y&b=%C3%A9', 'héllo']);
    assert.deepEqual(
      [headers.host, headers['x-many'], headers['content-type']],
      ['shop.example', '1, 2', 'text/plain'],
    );
    assert.deepEqual(JSON.parse(decodeURI(headers['x-amzn-request-context'] ?? '')), { stage: 'live' });
    assert.match(await runtime.stdoutUpTo(head.stdoutBytes), /^asked \/shop\/sales/);
  });
});

test('the address of a function is its root, unless a base path is said', { timeout: 30_000 }, async () => {
  const whole = event({ path: '/call/x1', resource: '/call/{id}', multiValueQueryStringParameters: null });
  const asked = async (runtime: RuntimeProcess): Promise<string> =>
    (JSON.parse(((await runtime.run(whole)).body as Answer).body) as Asked)[1];
  await serving(SERVER, {}, async (runtime) => assert.equal(await asked(runtime), '/'));
  await serving(SERVER, { AWS_LWA_REMOVE_BASE_PATH: '/call' }, async (runtime) => {
    assert.equal(await asked(runtime), '/x1');
  });
});

test('bytes come as base64; what breaks or is too large fails the run, and the next one runs', {
  timeout: 30_000,
}, async () => {
  await serving(SERVER, {}, async (runtime) => {
    const at = (place: string) => event({ path: place, multiValueQueryStringParameters: null });
    const { body } = await runtime.run(at('/binary'));
    assert.deepEqual([(body as Answer).body, (body as Answer).isBase64Encoded], ['/wAB', true]);
    const typeOf = async (place: string) =>
      ((await runtime.run(at(place))).body as { errorType: string }).errorType;
    assert.equal(await typeOf('/broken'), 'Function.WebServerUnreachable');
    assert.equal(await typeOf('/upgrade'), 'Function.WebServerUnreachable');
    assert.equal(await typeOf('/large'), 'Function.ResponseSizeTooLarge');
    const long = (await runtime.run(at('/headers'))).body as Answer;
    assert.equal(long.multiValueHeaders['x-long']?.[0]?.length, 50_000);
    assert.equal(((await runtime.run(event())).body as Answer).statusCode, 201);
  });
});

test('a port that is none is said when the function is loaded', { timeout: 30_000 }, async () => {
  for (const port of ['abc', '70000', '']) {
    const loading = serving(SERVER, { AWS_LWA_PORT: port }, async () => {});
    await assert.rejects(loading, /AWS_LWA_PORT must be a number from 1 to 65535/);
  }
});

test('a server that ends takes its run along', { timeout: 30_000 }, async () => {
  await serving(SERVER, {}, async (runtime) => {
    const nonce = runtime.invoke(event({ path: '/exit', multiValueQueryStringParameters: null }));
    assert.equal(await runtime.outcome(nonce), null);
    assert.deepEqual(await runtime.exited, { code: 4, signal: null });
  });
});

test('an event that no request caused is posted to /events', { timeout: 30_000 }, async () => {
  await serving(SERVER, {}, async (runtime) => {
    const [method, url, body] = (await runtime.run({ sale: 7 })).body as Asked;
    assert.deepEqual([method, url, JSON.parse(body)], ['POST', '/events', { sale: 7 }]);
    const refused = await runtime.run('refused');
    assert.deepEqual(refused.body, {
      errorType: 'Function.WebServerError',
      errorMessage: '422 no such sale',
    });
  });
});

const python = spawnSync('python3', ['--version']).status === 0;

test('a web server in Python', { skip: !python && 'there is no python3', timeout: 30_000 }, async () => {
  const program = `#!/usr/bin/env python3
import http.server, os
class Hello(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(("hello " + self.path).encode())
http.server.HTTPServer(("127.0.0.1", int(os.environ["AWS_LWA_PORT"])), Hello).serve_forever()
`;
  await serving(program, {}, async (runtime) => {
    const answer = (await runtime.run(event({ httpMethod: 'GET', body: null }))).body as Answer;
    assert.deepEqual([answer.statusCode, answer.body], [200, 'hello /shop/sales?a=1&a=x+y&b=%C3%A9']);
  });
});
