import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseSmtpUrl } from './smtp-url.ts';

test('an SMTP URL tells server, security and credentials', () => {
  const rest = { username: null, password: null };
  assert.deepEqual(parseSmtpUrl('smtp://mail.example.com'), {
    host: 'mail.example.com',
    port: 587,
    security: 'starttls',
    ...rest,
  });
  assert.deepEqual(parseSmtpUrl('smtps://[::1]'), { host: '::1', port: 465, security: 'tls', ...rest });
  assert.deepEqual(parseSmtpUrl('smtp://a%40b:p%3Aw@mail:2525?security=none'), {
    ...{ host: 'mail', port: 2525, security: 'none' },
    ...{ username: 'a@b', password: 'p:w' },
  });
});

test('what is no SMTP URL is none', () => {
  const texts = [
    '',
    'mail.example.com',
    'http://mail',
    'smtp://',
    'smtp://mail/path',
    'smtps://mail?security=none',
    'smtp://%zz@mail',
  ];
  for (const text of [...texts, 'smtp://mail?security=tls']) assert.equal(parseSmtpUrl(text), null, text);
});
