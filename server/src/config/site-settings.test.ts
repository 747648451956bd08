import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ConfigError, parseConfig } from './config.ts';

const HOST = { workingDir: '/srv/millrace', totalMemoryMb: 8000, cores: 2 };
const problems = (env: Record<string, string>): string[] => {
  try {
    parseConfig(env, HOST);
  } catch (error) {
    assert.ok(error instanceof ConfigError);
    return error.problems;
  }
  return [];
};

describe('settings of web sites', () => {
  test('let every page call, and know no visitor, where nothing is said', () => {
    const { domains, corsOrigins, contactKey, contactUrl } = parseConfig({}, HOST);
    assert.deepEqual([domains, corsOrigins, contactKey, contactUrl], [[], ['*'], null, null]);
  });

  test('map hosts to an account, live or test', () => {
    const { domains } = parseConfig(
      { MILLRACE_DOMAINS: 'WWW.example.com=1001, try.example.com=1001.test' },
      HOST,
    );
    assert.deepEqual(domains, [
      { domain: 'www.example.com', portal: '1001' },
      { domain: 'try.example.com', portal: '1001.test' },
    ]);
  });

  test('take none, or origins with subdomains', () => {
    assert.deepEqual(parseConfig({ MILLRACE_CORS_ORIGINS: 'none' }, HOST).corsOrigins, []);
    const env = { MILLRACE_CORS_ORIGINS: 'https://www.example.com,https://*.example.org' };
    assert.deepEqual(parseConfig(env, HOST).corsOrigins, [
      'https://www.example.com',
      'https://*.example.org',
    ]);
  });

  for (const [name, value] of [
    ['MILLRACE_DOMAINS', 'www.example.com'],
    ['MILLRACE_DOMAINS', 'www.example.com:8700=1001'],
    ['MILLRACE_DOMAINS', 'www.example.com=AA0000'],
    ['MILLRACE_CORS_ORIGINS', 'www.example.com'],
    ['MILLRACE_CORS_ORIGINS', 'https://www.example.com/path'],
    ['MILLRACE_CONTACT_KEY', 'short'],
    ['MILLRACE_CONTACT_URL', 'ftp://example.com'],
  ] as const) {
    test(`refuse ${name}=${value}`, () => {
      assert.match(problems({ [name]: value })[0] ?? '', new RegExp(name));
    });
  }
});
