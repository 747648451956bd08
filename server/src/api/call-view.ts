// What the API shows of outgoing calls, and of whom functions have called on a day: as JSON, and as CSV.
// Pure.
import { z } from 'zod';
import type { EgressDay } from '../outgoing-calls/egress-day-store.ts';
import { CALL_PHASES, type OutgoingCall, PROTOCOLS, VERDICTS } from '../outgoing-calls/outgoing-call.ts';

export const callSchema = z.object({
  at: z.iso.datetime().describe('when it began'),
  attempt: z.int(),
  host: z.string().nullable().describe("the name for which the sandbox's resolver gave this address last"),
  address: z.string(),
  port: z.int(),
  protocol: z.enum(PROTOCOLS),
  verdict: z.enum(VERDICTS),
  times: z.int().describe('how often it was refused'),
  bytes_sent: z.int().nullable().describe('with the headers of packets; null: unknown, or refused'),
  bytes_received: z.int().nullable(),
  duration_ms: z.int().nullable().describe('null: it was open when the run ended, or refused'),
  phase: z
    .enum(CALL_PHASES)
    .describe('`init`: while the code was loaded; `after`: when the run had ended, by what it left behind'),
  reused: z
    .boolean()
    .describe('an earlier run in the same sandbox has made it; bytes are those since that run'),
  shared: z.boolean().describe('several runs went on in the sandbox: it may be of another one'),
});
z.globalRegistry.add(callSchema, { id: 'OutgoingCall' });

export type CallView = OutgoingCall;

export const egressSchema = z.object({
  date: z.iso.date(),
  function_id: z.string(),
  verdict: z.enum(VERDICTS),
  protocol: z.enum(PROTOCOLS),
  host: z.string().nullable(),
  address: z.string().nullable().describe('null: of all further destinations of the function on that day'),
  port: z.int().nullable(),
  calls: z.int(),
  bytes_sent: z.int(),
  bytes_received: z.int(),
  first_at: z.iso.datetime(),
  last_at: z.iso.datetime(),
});
z.globalRegistry.add(egressSchema, { id: 'EgressDay' });

type EgressView = z.input<typeof egressSchema>;

export function egressView(row: EgressDay): EgressView {
  const isOne = row.address !== '';
  return {
    ...{ date: row.day, function_id: row.functionId, verdict: row.verdict, protocol: row.protocol },
    host: row.host === '' ? null : row.host,
    ...{ address: isOne ? row.address : null, port: isOne ? row.port : null, calls: row.calls },
    ...{ bytes_sent: row.bytesSent, bytes_received: row.bytesReceived },
    ...{ first_at: row.firstAt.toISOString(), last_at: row.lastAt.toISOString() },
  };
}

/** Nothing in it needs quotes: names of hosts, addresses, numbers and times. */
export function egressCsv(rows: readonly EgressView[]): string {
  const fields = Object.keys(egressSchema.shape) as (keyof EgressView)[];
  const lines = rows.map((row) => fields.map((field) => row[field] ?? '').join(','));
  return `${[fields.join(','), ...lines].join('\r\n')}\r\n`;
}
