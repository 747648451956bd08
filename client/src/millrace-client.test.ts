// What the client makes of answers that aren't Millrace's, from a real server.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { createMillraceClient, type MillraceError } from './millrace-client.ts';

let server: Server;
let asked: string[] = [];

before(async () => {
  server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    const status = Number(/(\d+)$/.exec(request.url ?? '')?.[1]);
    const headers = { location: '/elsewhere', 'content-type': 'text/html' };
    response.writeHead(status, status < 300 ? { 'content-type': 'text/html' } : headers).end('<p>');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
});
after(() => server.close());

test('an answer that leads elsewhere is followed nowhere', async () => {
  const api = createMillraceClient({
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token: 't',
  });
  for (const id of ['301', '307']) {
    asked = [];
    const params = { path: { id } };
    await assert.rejects(
      api.delete('/triggers/{id}', { params }),
      ({ code, status, message }: MillraceError) => {
        assert.deepEqual([code, status], ['unexpected_answer', Number(id)]);
        return message.includes('/elsewhere');
      },
    );
    assert.deepEqual(asked, [`DELETE /millrace/v1/triggers/${id}`]);
  }
});

test('an answer that is no JSON is not Millrace’s', async () => {
  const api = createMillraceClient({
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token: 't',
  });
  const ended = api.get('/runs/{id}', { params: { path: { id: '200' } } });
  await assert.rejects(ended, ({ code }: MillraceError) => code === 'unexpected_answer');
});
