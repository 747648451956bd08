import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type OciRule, ociSeccomp } from './seccomp-oci.ts';
import { conditions, refusedCalls } from './seccomp-table.ts';

const filter = ociSeccomp('x64');
const rulesOf = (name: string): OciRule[] => filter.syscalls.filter(({ names }) => names.includes(name));
/** As the kernel compares it. */
const meets = (rule: OciRule, values: readonly number[]): boolean =>
  (rule.args ?? []).every(
    ({ index, value, valueTwo }) => ((values[index] ?? 0) & value) >>> 0 === valueTwo >>> 0,
  );
const isAllowed = (name: string, ...values: number[]): boolean =>
  rulesOf(name).some((rule) => rule.action === 'SCMP_ACT_ALLOW' && meets(rule, values));

test('what is in no list is refused, and a call has rules of one kind', () => {
  assert.deepEqual([filter.defaultAction, filter.defaultErrnoRet], ['SCMP_ACT_ERRNO', 1]);
  for (const { name } of refusedCalls) assert.equal(isAllowed(name), false, name);
  assert.equal(isAllowed('read'), true);
  assert.deepEqual(
    rulesOf('clone3').map(({ errnoRet }) => errnoRet),
    [38],
  );
});

test('calls that an architecture lacks are not named', () => {
  const names = ociSeccomp('arm64').syscalls.flatMap((rule) => rule.names);
  assert.ok(!names.includes('open') && names.includes('openat'));
});

test('an argument is compared once in a rule: runtimes take a second comparison for an alternative', () => {
  for (const { args = [], names } of filter.syscalls) {
    assert.equal(new Set(args.map(({ index }) => index)).size, args.length, names.join());
  }
});

test('conditions decide as in the table', () => {
  assert.ok(Object.keys(conditions).every((name) => rulesOf(name).length > 0));
  assert.deepEqual([isAllowed('clone', 17), isAllowed('clone', 0x10000000 + 17)], [true, false]);
  assert.deepEqual(
    [0, 0xffffffff, 8].map((value) => isAllowed('personality', value)),
    [true, true, false],
  );
  assert.deepEqual([isAllowed('socket', 2, 1, 6), isAllowed('socket', 2, 1, 132)], [true, false]);
  assert.deepEqual([isAllowed('socket', 16, 3, 0), isAllowed('socket', 16, 3, 12)], [true, false]);
});

test('all requests of ioctl but the forbidden two are allowed', () => {
  const tried = [0, 1, 0x5401, 0x5411, 0x5413, 0x541b, 0x541d, 0x80005412, 0xffffffff];
  assert.deepEqual(
    tried.filter((request) => !isAllowed('ioctl', 0, request)),
    [],
  );
  assert.deepEqual(
    [0x5412, 0x541c].filter((request) => isAllowed('ioctl', 0, request)),
    [],
  );
});
