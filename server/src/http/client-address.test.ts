import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { pino } from 'pino';
import { clientAddress, neighbourhoodOf } from './client-address.ts';
import { createHttpServer } from './open-http-server.ts';

async function seen(
  proxies: string[],
  remoteAddress: string,
  forwarded?: string | string[],
): Promise<string> {
  const server = createHttpServer({
    ...{ log: pino({ level: 'silent' }), bodyLimitBytes: 1024, trustedProxies: proxies },
  });
  server.get('/', (request) => clientAddress(request));
  const headers = { host: 'here', ...(forwarded === undefined ? {} : { 'x-forwarded-for': forwarded }) };
  const answer = await server.inject({ url: '/', remoteAddress, headers });
  await server.close();
  return answer.body;
}

describe('the address of a caller', () => {
  test('is that of the connection where no proxy is named, whatever the caller says', async () => {
    assert.equal(await seen([], '198.51.100.7', '10.0.0.1'), '198.51.100.7');
  });

  test('is that of the connection where it comes from no named proxy', async () => {
    assert.equal(await seen(['10.0.0.0/8'], '198.51.100.7', '10.0.0.1'), '198.51.100.7');
  });

  for (const [forwarded, expected] of [
    ['198.51.100.7', '198.51.100.7'],
    ['1.2.3.4, 198.51.100.7', '198.51.100.7'],
    ['1.2.3.4,198.51.100.7 , 10.9.9.9', '198.51.100.7'],
    ['198.51.100.7:4711', '198.51.100.7'],
    ['2001:db8::7', '2001:db8::7'],
    ['[2001:db8::7]:4711', '2001:db8::7'],
    ['::ffff:198.51.100.7', '198.51.100.7'],
    ['10.1.1.1', '10.1.1.1'],
    ['unknown', '10.0.0.1'],
    ['', '10.0.0.1'],
    ['198.51.100.7, <script>', '10.0.0.1'],
  ] as const) {
    test(`is ${expected} where a named proxy says ${JSON.stringify(forwarded)}`, async () => {
      assert.equal(await seen(['10.0.0.0/8'], '10.0.0.1', forwarded), expected);
    });
  }

  test('is found where named proxies have IPv6 addresses, or IPv4 ones inside IPv6', async () => {
    assert.equal(await seen(['::1'], '::1', '198.51.100.7'), '198.51.100.7');
    assert.equal(await seen(['127.0.0.1'], '::ffff:127.0.0.1', '198.51.100.7'), '198.51.100.7');
  });
});

test('callers count by IPv4 address, and by /64 of IPv6', () => {
  assert.equal(neighbourhoodOf('198.51.100.7'), '198.51.100.7');
  for (const ip of ['2001:db8:1:2::7', '2001:0DB8:1:2:ffff:1:2:3', '2001:db8:1:2:0:0:0:1']) {
    assert.equal(neighbourhoodOf(ip), '2001:db8:1:2::/64', ip);
  }
  assert.equal(neighbourhoodOf('::1'), '0:0:0:0::/64');
  assert.equal(neighbourhoodOf('fe80::1:2:3:4'), 'fe80:0:0:0::/64');
  assert.equal(neighbourhoodOf('2001:db8::'), '2001:db8:0:0::/64');
  assert.equal(neighbourhoodOf('unknown'), 'unknown');
});
