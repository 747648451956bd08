import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  causeWithTrace,
  lambdaTraceId,
  ownTraceparent,
  readTraceparent,
  spanIdOf,
  traceIdOf,
} from './trace-context.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const GIVEN = `00-${TRACE}-b7ad6b7169203331-01`;
const ID = '01a20357-0dc2-7ddd-a83f-f30f0b5f5767';

test('a traceparent is taken as the standard has it, and ignored where it is none', () => {
  assert.deepEqual(readTraceparent(GIVEN), { traceId: TRACE, spanId: 'b7ad6b7169203331', flags: '01' });
  assert.equal(readTraceparent(`cc-${TRACE}-b7ad6b7169203331-01-more`)?.traceId, TRACE);
  const none = [
    ...[
      '',
      'x',
      `ff-${TRACE}-b7ad6b7169203331-01`,
      `00-${TRACE}-b7ad6b7169203331-01-more`,
      GIVEN.toUpperCase(),
    ],
    ...[`00-${'0'.repeat(32)}-b7ad6b7169203331-01`, `00-${TRACE}-${'0'.repeat(16)}-01`, ` ${GIVEN}`],
  ];
  for (const text of [...none, undefined, 7, [GIVEN, GIVEN]]) assert.equal(readTraceparent(text), null);
});

test('a cause takes what its request says of where it belongs, and nothing that could be anything else', () => {
  const headers = ['Host', 'x', 'TraceParent', GIVEN, 'X-Request-ID', 'abc-1'];
  assert.deepEqual(causeWithTrace({ ip: '::1' }, headers), {
    ip: '::1',
    traceparent: GIVEN,
    request_id: 'abc-1',
  });
  const cause = { ip: '::1' };
  assert.equal(causeWithTrace(cause, ['traceparent', 'nothing', 'x-request-id', 'with space']), cause);
  assert.equal(causeWithTrace(cause, undefined), cause);
});

test('a run hands its own span on, another for each attempt; one without a trace has its own id', () => {
  const run = { id: ID, cause: { traceparent: GIVEN }, attempts: 2 };
  assert.equal(ownTraceparent(run), `00-${TRACE}-${spanIdOf(ID, 2)}-01`);
  assert.notEqual(spanIdOf(ID, 1), spanIdOf(ID, 2));
  const shown = `Root=1-0af76519-16cd43dd8448eb211c80319c;Parent=${spanIdOf(ID, 2)};Sampled=1`;
  assert.equal(lambdaTraceId(run), shown);
  const alone = { id: ID, cause: {}, attempts: 1 };
  assert.deepEqual(
    [ownTraceparent(alone), lambdaTraceId(alone), traceIdOf(alone)],
    [null, null, ID.replaceAll('-', '')],
  );
});
