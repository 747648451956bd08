import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { MOST_EGRESS_DENIED } from '../contract/supervisor-requests.ts';
import { readHello, readRequest } from './read-request.ts';

const HASH = 'a'.repeat(64);
const limits = { memoryMb: 128, tmpMb: 512, cpuPercent: 100, pids: 64, openFiles: 1024 };
const task = { accountId: 'AB12', bundleHash: HASH, layerHash: null, egressDeny: ['10.1.0.0/16'] };
const prepare = { id: 'x1', engine: 'node-24', limits };

const request = (method: string, params: unknown, more = {}): string =>
  JSON.stringify({ seq: 1, method, params, ...more });

function problemsOf(line: string): string[] {
  const read = readRequest(line);
  return 'problems' in read ? read.problems : [];
}

describe('a request to the supervisor', () => {
  const good: [string, unknown][] = [
    ['start', { ...prepare, ...task, reuse: 'none' }],
    ['start', { ...prepare, ...task, layerHash: HASH, egressDeny: [] }],
    ['prepare', prepare],
    ['prepare', { ...prepare, engine: 'python-3.12' }],
    ['prepare', { ...prepare, engine: 'dotnet-10' }],
    ['prepare', { ...prepare, engine: 'java-17' }],
    ['prepare', { ...prepare, engine: 'provided' }],
    ['assign', { id: 'x1', ...task }],
    ['build', { id: 'x1', limits, python: null }],
    ['build', { id: 'x1', limits, python: 'python-3.11' }],
    ['kill', { id: 'x1' }],
  ];
  for (const [method, params] of good) {
    test(`${method} ${JSON.stringify(params).length} passes as it was sent`, () => {
      const read = readRequest(request(method, params));
      assert.deepEqual(read, { request: { seq: 1, method, params } });
    });
  }

  const bad: [string, string, string[]][] = [
    ['no JSON', '{', ['request']],
    ['a list', '[]', ['request']],
    ['null', 'null', ['request']],
    ['an unknown method', request('exec', { id: 'x' }), ['request.method', 'request.params.id']],
    ['a method of every object', request('toString', {}), ['request.method']],
    ['no number', '{"method":"kill","params":{"id":"a"}}', ['request.seq']],
    ['a number with a fraction', request('kill', { id: 'a' }, { seq: 1.5 }), ['request.seq']],
    ['no parameters', '{"seq":1,"method":"kill"}', ['request.params']],
    ['a member that is not agreed', request('kill', { id: 'a' }, { uid: 0 }), ['request.uid']],
    ['a parameter that is not agreed', request('kill', { id: 'a', path: '/' }), ['request.params.path']],
    [
      'an own `__proto__`',
      '{"seq":1,"method":"kill","params":{"id":"a","__proto__":{}}}',
      ['request.params.__proto__'],
    ],
    ['a path as an id', request('kill', { id: '../../etc' }), ['request.params.id']],
    ['a line end in an id', request('kill', { id: 'a\n' }), ['request.params.id']],
    [
      'a path as a hash',
      request('assign', { id: 'a', ...task, bundleHash: '../x' }),
      ['request.params.bundleHash'],
    ],
    [
      'an account with a slash',
      request('assign', { id: 'a', ...task, accountId: 'A/B' }),
      ['request.params.accountId'],
    ],
    [
      'a network that is none',
      request('assign', { id: 'a', ...task, egressDeny: ['x'] }),
      ['request.params.egressDeny'],
    ],
    [
      'a network too many',
      request('assign', { id: 'a', ...task, egressDeny: Array(MOST_EGRESS_DENIED + 1).fill('10.0.0.0/8') }),
      ['request.params.egressDeny'],
    ],
    ['an older engine', request('prepare', { ...prepare, engine: 'node-16' }), ['request.params.engine']],
    [
      'an engine with a path',
      request('prepare', { ...prepare, engine: 'node-20/..' }),
      ['request.params.engine'],
    ],
    [
      'a process limit of none',
      request('build', { id: 'a', python: null, limits: { ...limits, pids: 0 } }),
      ['request.params.limits.pids'],
    ],
    [
      'a limit as text',
      request('build', { id: 'a', python: null, limits: { ...limits, tmpMb: '5' } }),
      ['request.params.limits.tmpMb'],
    ],
    [
      'a limit missing',
      request('build', { id: 'a', python: null, limits: { ...limits, openFiles: undefined } }),
      ['request.params.limits.openFiles'],
    ],
    [
      'a build by another language’s engine',
      request('build', { id: 'a', python: 'node-24', limits }),
      ['request.params.python'],
    ],
    ['limits as a list', request('build', { id: 'a', python: null, limits: [] }), ['request.params.limits']],
    ['another reuse', request('prepare', { ...prepare, reuse: 'cold' }), ['request.params.reuse']],
  ];
  for (const [what, line, problems] of bad) {
    test(`${what} is refused`, () => assert.deepEqual(problemsOf(line), problems));
  }
});

test('a connection begins with a greeting of one of two shapes, and nothing beside', () => {
  assert.deepEqual(readHello('{"role":"requests"}'), { role: 'requests' });
  const channel = { sandbox: 'x1', channel: 'stdout' };
  assert.deepEqual(readHello(JSON.stringify(channel)), channel);
  for (const wrong of [
    ...['', '{}', '"requests"', '{"role":"root"}', '{"role":"requests","sandbox":"x1"}'],
    ...['{"sandbox":"x1","channel":"stdin"}', '{"sandbox":"X/1","channel":"stdout"}'],
  ]) {
    assert.equal(readHello(wrong), null, wrong);
  }
});
