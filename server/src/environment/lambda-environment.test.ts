import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { lambdaEnvironment, logGroupName, logStreamName } from './lambda-environment.ts';
import { isReserved, reservedNameProblem } from './variables.ts';

const facts = {
  functionName: 'newsletter',
  functionVersion: '$LATEST',
  memoryMb: 256,
  handler: 'index.handler',
  runtimeCode: 'nodejs8.10',
  logGroupName: logGroupName('newsletter'),
  logStreamName: logStreamName(new Date('2030-01-02T03:04:05Z'), '$LATEST', 'a'.repeat(32)),
  taskRoot: '/var/task',
  runtimeDir: '/opt/millrace',
  extraCaCertsFile: null,
  allRootsFile: null,
};

describe('lambda environment', () => {
  test('says what Lambda says about the function', () => {
    const env = lambdaEnvironment(facts, {});
    assert.equal(env._HANDLER, 'index.handler');
    assert.equal(env.LAMBDA_TASK_ROOT, '/var/task');
    assert.equal(env.AWS_EXECUTION_ENV, 'AWS_Lambda_nodejs8.10');
    assert.equal(env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE, '256');
    assert.equal(env.AWS_LAMBDA_FUNCTION_VERSION, '$LATEST');
    assert.equal(env.AWS_LAMBDA_LOG_GROUP_NAME, '/aws/lambda/newsletter');
    assert.equal(env.AWS_LAMBDA_LOG_STREAM_NAME, `2030/01/02/[$LATEST]${'a'.repeat(32)}`);
    assert.equal(env.TZ, ':UTC');
    assert.equal('NODE_EXTRA_CA_CERTS' in env, false);
    assert.equal('_LAMBDA_TELEMETRY_LOG_FD' in env, false);
  });

  test("the owner's variables are there, but replace no reserved name", () => {
    const env = lambdaEnvironment(facts, { api_key: 'x', PATH: '/evil', HOME: '/var/task' });
    assert.deepEqual([env.api_key, env.HOME], ['x', '/var/task']);
    assert.equal(env.PATH, lambdaEnvironment(facts, {}).PATH);
  });

  test('names no folder for modules but that of the code', () => {
    assert.equal(lambdaEnvironment(facts, {}).NODE_PATH, '/var/task');
  });

  test('is the environment that the documentation lists, and what it says is absent is absent', () => {
    const page = readFileSync(path.resolve(import.meta.dirname, '../../../docs/functions.md'), 'utf8');
    const [, section = ''] = page.split('## The environment');
    const [set = '', absent = ''] = (section.split('\n## ')[0] ?? '').split('Lambda sets these, Millrace');
    const namesIn = (text: string): string[] =>
      [...text.matchAll(/`([A-Z_]{2,})`/g)].map(([, name]) => name ?? '');
    const env = lambdaEnvironment({ ...facts, extraCaCertsFile: '/opt/ca.pem' }, {});
    assert.deepEqual([...new Set(namesIn(set))].sort(), Object.keys(env).sort());
    const left = namesIn(absent);
    assert.ok(left.includes('AWS_LAMBDA_RUNTIME_API') && left.includes('_X_AMZN_TRACE_ID'));
    assert.deepEqual(
      left.filter((name) => name in env),
      [],
    );
  });

  test('extra roots are named where there are some', () => {
    const env = lambdaEnvironment({ ...facts, extraCaCertsFile: '/opt/ca.pem' }, {});
    assert.equal(env.NODE_EXTRA_CA_CERTS, '/opt/ca.pem');
  });

  test('every name of it but the two that an owner may replace is reserved', () => {
    const env = lambdaEnvironment({ ...facts, extraCaCertsFile: '/opt/ca.pem' }, {});
    const free = Object.keys(env).filter((name) => !isReserved(name));
    assert.deepEqual(free.sort(), ['HOME', 'NODE_EXTRA_CA_CERTS']);
  });

  test('a reserved name is said to be set where it is, and not where it is not', () => {
    const env = lambdaEnvironment(facts, {});
    for (const name of ['PATH', 'AWS_REGION', 'NODE_PATH', '_HANDLER'])
      assert.deepEqual([name in env, /sets that name/.test(reservedNameProblem(name) ?? '')], [true, true]);
    for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SESSION_TOKEN', 'AWS_LAMBDA_RUNTIME_API', 'PYTHONPATH'])
      assert.deepEqual(
        [name in env, /sets that name/.test(reservedNameProblem(name) ?? 'free')],
        [false, false],
      );
    assert.match(reservedNameProblem('AWS_SECRET_ACCESS_KEY') ?? '', /no AWS here: give yours another name/);
  });

  test('names no folder of Node and no file for Node where another language runs', () => {
    const python = {
      ...facts,
      runtimeCode: 'python3.11',
      extraCaCertsFile: '/x.pem',
      allRootsFile: '/all.pem',
    };
    const { NODE_PATH, NODE_EXTRA_CA_CERTS, SSL_CERT_FILE, REQUESTS_CA_BUNDLE } = lambdaEnvironment(
      python,
      {},
    );
    assert.deepEqual([NODE_PATH, NODE_EXTRA_CA_CERTS], [undefined, undefined]);
    assert.deepEqual([SSL_CERT_FILE, REQUESTS_CA_BUNDLE], ['/all.pem', '/all.pem']);
  });
});
