import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Config, ConfigError, configNames, parseConfig } from './config.ts';

const HOST = { workingDir: '/srv/millrace', totalMemoryMb: 8000, cores: 2 };
const parse = (env: Record<string, string>): Config => parseConfig(env, HOST);

function problems(env: Record<string, string>): string[] {
  try {
    parse(env);
  } catch (error) {
    assert.ok(error instanceof ConfigError);
    return error.problems;
  }
  return [];
}

describe('configuration', () => {
  test('has a default for everything', () => {
    const config = parse({});
    assert.deepEqual(
      [config.port, config.publicUrl, config.dataDir, config.enginesDir],
      [8700, 'http://localhost:8700', '/srv/millrace/.millrace', '/srv/millrace/.millrace/engines'],
    );
    assert.deepEqual([config.databaseUrl, config.masterKey, config.adminToken], [null, null, null]);
    assert.deepEqual([config.sandbox, config.warnings], ['bubblewrap', []]);
    assert.equal(config.limits.uploadsInHandBytes, 128 * 1024 * 1024);
    assert.equal(config.limits.bundleCacheMb, 10_240);
  });

  test('takes an empty or blank value for none', () => {
    assert.deepEqual(parse({ MILLRACE_PORT: '', MILLRACE_DNS: '  ', MILLRACE_DATABASE_URL: '' }), parse({}));
  });

  test('starts twice as many sandboxes at once as there are cores', () => {
    assert.equal(parse({}).limits.startsAtOnce, 4);
    assert.equal(parse({ MILLRACE_STARTS_AT_ONCE: '3' }).limits.startsAtOnce, 3);
  });

  test('gives sandboxes half of the memory, and 256 MiB at least', () => {
    assert.equal(parse({}).limits.memoryBudgetMb, 4000);
    assert.equal(parseConfig({}, { ...HOST, totalMemoryMb: 300 }).limits.memoryBudgetMb, 256);
    assert.equal(parse({ MILLRACE_MEMORY_BUDGET: '100' }).limits.memoryBudgetMb, 100);
  });

  test('follows the port with the public address, and drops its last slashes', () => {
    assert.equal(parse({ MILLRACE_PORT: '9000' }).publicUrl, 'http://localhost:9000');
    assert.equal(parse({ MILLRACE_PUBLIC_URL: 'https://a.example/x//' }).publicUrl, 'https://a.example/x');
  });

  test('reads paths from the folder in which it is started', () => {
    const { dataDir, extraCaCerts } = parse({
      MILLRACE_DATA_DIR: 'data',
      MILLRACE_EXTRA_CA_CERTS: '../ca.pem',
    });
    assert.deepEqual([dataDir, extraCaCerts], ['/srv/millrace/data', '/srv/ca.pem']);
  });

  test('has one list of packages, Python’s with pypi: before them', () => {
    const listsOf = (text: string) => {
      const { packages, pythonPackages } = parse({ MILLRACE_PACKAGES: text });
      return [packages, pythonPackages];
    };
    assert.deepEqual(listsOf(''), [null, '*']);
    assert.deepEqual(listsOf('*'), ['*', '*']);
    assert.deepEqual(listsOf('lodash,@a/b,pypi:Requests'), [['lodash', '@a/b'], ['Requests']]);
    assert.deepEqual(listsOf('pypi:requests'), [[], ['requests']]);
    assert.equal(problems({ MILLRACE_PACKAGES: 'pypi:../x,lo dash' }).length, 2);
  });

  test('tells all problems at once', () => {
    const told = problems({
      MILLRACE_PORT: 'http',
      MILLRACE_SANDBOX: 'docker',
      MILLRACE_DNS: 'dns.example',
      MILLRACE_MASTER_KEY: 'short',
    });
    assert.deepEqual(
      told.map((problem) => problem.split(' ')[0]?.replace(':', '')),
      ['MILLRACE_PORT', 'MILLRACE_SANDBOX', 'MILLRACE_DNS', 'MILLRACE_MASTER_KEY'],
    );
    assert.match(new ConfigError(told).message, /MILLRACE_PORT(.|\n)*MILLRACE_MASTER_KEY/);
  });

  for (const [name, value] of [
    ['MILLRACE_PORT', '65536'],
    ['MILLRACE_PORT', '-1'],
    ['MILLRACE_PORT', '80.5'],
    ['MILLRACE_MEMORY_MB', '63'],
    ['MILLRACE_BUNDLE_CACHE_MB', '0'],
    ['MILLRACE_UPLOADS_IN_HAND_BYTES', '1'],
    ['MILLRACE_UPLOAD_BYTES', '1e6'],
    ['MILLRACE_PUBLIC_URL', 'example.com'],
    ['MILLRACE_PUBLIC_URL', 'ftp://example.com'],
    ['MILLRACE_PUBLIC_URL', 'https://example.com/?a=b'],
    ['MILLRACE_DATABASE_URL', 'mysql://x'],
    ['MILLRACE_ADMIN_TOKEN', 'short'],
    ['MILLRACE_ADMIN_TOKEN', 'secret.test.0123456789'],
    ['MILLRACE_OPERATOR_TOKEN', 'short'],
    ['MILLRACE_EGRESS_ALLOW', '10.0.0.0/33'],
    ['MILLRACE_EGRESS_SOURCE', '::1'],
    ['MILLRACE_SANDBOX_NETWORK', '100.96.1.0'],
    ['MILLRACE_LOG_LEVEL', 'loud'],
    ['MILLRACE_LOG_FORMAT', 'xml'],
  ] as const) {
    test(`refuses ${name}=${value}, naming it`, () => {
      const [problem = '', ...others] = problems({ [name]: value });
      assert.ok(problem.startsWith(name), problem);
      assert.deepEqual(others, []);
    });
  }

  for (const url of ['https://user:hunter2@example.com', 'https://user@example.com', 'ftp://u:hunter2@x']) {
    test(`refuses the public address ${url} without repeating its password`, () => {
      const [problem = '', ...others] = problems({ MILLRACE_PUBLIC_URL: url });
      assert.match(problem, /^MILLRACE_PUBLIC_URL must not hold a user name or a password$/);
      assert.deepEqual(others, []);
    });
  }

  test('refuses credentials in an address that errors name, and does not repeat them', () => {
    const env = { MILLRACE_KEY_SERVICE_TOKEN: 't', MILLRACE_SEALED_MASTER_KEY: 's' };
    for (const url of ['https://ann:k4711@keys.example.com/open', 'https://k4711@keys.example.com/open']) {
      const told = problems({ ...env, MILLRACE_KEY_SERVICE_URL: url });
      assert.match(told.join(), /^MILLRACE_KEY_SERVICE_URL must hold no user and password/);
      assert.ok(!told.join().includes('k4711'));
    }
  });

  test('refuses a default over its own most', () => {
    assert.match(problems({ MILLRACE_MEMORY_MB: '4000' })[0] ?? '', /MILLRACE_MAX_MEMORY_MB/);
    assert.match(problems({ MILLRACE_MAX_TIMEOUT_MS: '1000' })[0] ?? '', /^MILLRACE_TIMEOUT_MS/);
  });

  test('warns of a setting that it does not know, and of no other variable', () => {
    const { warnings } = parse({ MILLRACE_PROT: '1', PATH: '/bin', MILLRACE_INTERNAL_X: 'y' });
    assert.equal(warnings.length, 1);
    assert.match(warnings[0] ?? '', /^MILLRACE_PROT is not a setting/);
    assert.ok(configNames().includes('MILLRACE_PORT'));
  });
});
