// Runs are sent to a collector of OpenTelemetry, by its own packages, where one is set: a small one that
// takes OTLP over HTTP stands here.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { installTelemetry } from '../../../scripts/install.mjs';
import { type Own, OwnCustomer } from './own-customer.ts';
import { openReceiver, type Receiver } from './receivers.ts';
import { type Millrace, startMillrace } from './start-millrace.ts';

type Attribute = { key: string; value: Record<string, unknown> };
type Span = {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  status: { code?: number; message?: string };
  attributes: Attribute[];
};
type Sent = { resourceSpans: { resource: { attributes: Attribute[] }; scopeSpans: { spans: Span[] }[] }[] };

const TRACE = '0af7651916cd43dd8448eb211c80319c';

let collector: Receiver;
let millrace: Millrace;
let customer: OwnCustomer;

before(async () => {
  installTelemetry();
  collector = await openReceiver();
  millrace = await startMillrace({
    env: {
      MILLRACE_SANDBOX: 'none',
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_EXPORTER_OTLP_HEADERS: 'x-tenant=shop',
      OTEL_SERVICE_NAME: 'functions',
    },
  });
  customer = new OwnCustomer(millrace);
});
after(async () => {
  await millrace?.close();
  await collector?.close();
});

function sent(): Sent[] {
  return collector.received.map(({ body }) => JSON.parse(body) as Sent);
}

function spanOf(runId: string): Promise<Span> {
  const read = async (): Promise<Span | undefined> =>
    sent()
      .flatMap(({ resourceSpans }) => resourceSpans.flatMap(({ scopeSpans }) => scopeSpans))
      .flatMap(({ spans }) => spans)
      .find((span) => attributeOf(span.attributes, 'faas.invocation_id') === runId);
  return customer.until(read, (span) => span !== undefined) as Promise<Span>;
}

function attributeOf(attributes: readonly Attribute[], name: string): unknown {
  return Object.values(attributes.find(({ key }) => key === name)?.value ?? {})[0];
}

async function runOf(fn: Own, headers: Record<string, string> = {}): Promise<string> {
  const answer = await customer.request(`/millrace/v1/functions/${fn.id}/runs`, {
    ...{ method: 'POST', body: '{}' },
    headers: { 'content-type': 'application/json', ...headers },
  });
  return ((await answer.json()) as { run: { id: string } }).run.id;
}

test('a run is a span of the trace that caused it, with its times, its function and its end', async () => {
  const fn = await customer.make({ name: 'fine', code: { inline: 'exports.handler = async () => 1;' } });
  const id = await runOf(fn, { traceparent: `00-${TRACE}-b7ad6b7169203331-01` });
  const span = await spanOf(id);
  assert.deepEqual([span.traceId, span.parentSpanId, span.name], [TRACE, 'b7ad6b7169203331', `run ${fn.id}`]);
  assert.ok(BigInt(span.endTimeUnixNano) >= BigInt(span.startTimeUnixNano));
  assert.deepEqual(
    ['millrace.status', 'millrace.trigger', 'faas.coldstart'].map((name) =>
      attributeOf(span.attributes, name),
    ),
    ['succeeded', 'api_direct', true],
  );
  const [first] = sent();
  assert.equal(attributeOf(first?.resourceSpans[0]?.resource.attributes ?? [], 'service.name'), 'functions');
  assert.ok(
    collector.received.every(({ path, headers }) => path === '/v1/traces' && headers['x-tenant'] === 'shop'),
  );
});

test('a failed run is a failed span, and one without a trace has its own', async () => {
  const code = "exports.handler = async () => { throw new TypeError('no secret of hers'); };";
  const id = await runOf(await customer.make({ name: 'fails', code: { inline: code } }));
  const span = await spanOf(id);
  assert.deepEqual(
    [span.traceId, span.parentSpanId ?? '', span.status.code],
    [id.replaceAll('-', ''), '', 2],
  );
  assert.equal(attributeOf(span.attributes, 'error.type'), 'TypeError');
  assert.equal(JSON.stringify(span).includes('no secret of hers'), false);
});

test('what its trace doesn’t sample is not sent', async () => {
  const fn = await customer.make({ name: 'quiet', code: { inline: 'exports.handler = async () => 1;' } });
  const quiet = await runOf(fn, { traceparent: `00-${TRACE}-b7ad6b7169203331-00` });
  await spanOf(await runOf(fn));
  assert.equal(
    collector.received.some(({ body }) => body.includes(quiet)),
    false,
  );
});
