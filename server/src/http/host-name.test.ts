import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { hostNameOf } from './host-name.ts';

describe('a Host header', () => {
  for (const [header, name] of [
    ['www.a.example', 'www.a.example'],
    ['WWW.A.Example:8443', 'www.a.example'],
    ['www.a.example.', 'www.a.example'],
    ['www.a.example.:80', 'www.a.example'],
    ['www.a.example:', 'www.a.example'],
    ['localhost', 'localhost'],
    ['my_service', 'my_service'],
    ['203.0.113.7:80', '203.0.113.7'],
    ['[2001:DB8::1]:80', '[2001:db8::1]'],
    ['xn--bcher-kva.example', 'xn--bcher-kva.example'],
    ['', ''],
  ] as const) {
    test(`${JSON.stringify(header)} names ${JSON.stringify(name)}`, () =>
      assert.equal(hostNameOf(header), name));
  }

  for (const header of [
    'www.a.example..',
    '.www.a.example',
    'www..a.example',
    '[www.a.example]',
    'www.a.example:80:90',
    'www.a.example, x',
    'www.a.example x',
    'x@www.a.example',
    'www.a.example/x',
    'www.a.example?',
    'www.a.example#',
    'www.a.example\\x',
    'www.a.example%2e',
    'http://www.a.example',
    'www.a.example:99999',
    'www.a.example:8x',
    ':80',
    '.',
    '[::1',
    '[fe80::1%eth0]',
    '[1.2.3.4]',
    'bücher.example',
    `${'a.'.repeat(127)}example`,
    'a'.repeat(64),
  ]) {
    test(`${JSON.stringify(header.slice(0, 40))} is none`, () => assert.equal(hostNameOf(header), null));
  }
});
