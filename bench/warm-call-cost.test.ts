// A guard against a warm call that has become dear without anyone having noticed: what the server's process
// takes of a processor for it, as a multiple of what node:http alone takes to answer, in turn in one run.
// Times would fail on a busy machine; a multiple of processor times hardly moves.
import assert from 'node:assert/strict';
import http from 'node:http';
import { after, before, describe, test } from 'node:test';
import { Customer } from '../server/test/promises/customer.ts';
import { processOf } from '../server/test/promises/remains.ts';
import { type Millrace, noJails, startMillrace } from '../server/test/promises/start-millrace.ts';
import { bareNode, type Peer, warmFunction } from './peer.ts';
import { processorMsOf } from './processor-time.ts';

/** Twice what it was when this was written. */
const MOST_TIMES = 14;
const ROUNDS = 6;
const CALLS = 1_000;
const CONNECTIONS = 4;

describe('the processor time of a warm call', { skip: noJails() }, () => {
  let millrace: Millrace;
  let bare: Peer & { pid: number };
  before(async () => {
    [bare, millrace] = await Promise.all([
      bareNode(),
      startMillrace({ env: { MILLRACE_LOG_LEVEL: 'warn' } }),
    ]);
  });
  after(() => Promise.all([bare?.close(), millrace?.close()]));

  test(`is at most ${MOST_TIMES} times that of an answer by node:http alone`, async (context) => {
    const warm = await warmFunction(new Customer(millrace), 'warm', 1);
    const measured = [
      { peer: bare, pid: bare.pid, usedMs: 0 },
      { peer: warm, pid: Number(processOf(millrace, 'serve')), usedMs: 0 },
    ];
    for (const { peer } of measured) await callMany(peer, 3 * CALLS);
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const one of measured) {
        const before = processorMsOf(one.pid);
        await callMany(one.peer, CALLS);
        one.usedMs += processorMsOf(one.pid) - before;
      }
    }
    const [floor, call] = measured.map(({ usedMs }) => (usedMs * 1_000) / (ROUNDS * CALLS));
    const times = (call as number) / (floor as number);
    const said = `${call?.toFixed(0)} µs a call, ${floor?.toFixed(0)} µs by node:http alone: ${times.toFixed(1)} times`;
    context.diagnostic(said);
    assert.ok(times <= MOST_TIMES, said);
  });
});

/** As many calls over a few connections that stay open. */
async function callMany({ url, headers }: Peer, calls: number): Promise<void> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const call = (): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      http
        .get(url, { agent, headers }, (answer) => {
          answer.resume().on('end', () => resolve(answer.statusCode));
        })
        .on('error', reject);
    });
  let left = calls;
  const caller = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      assert.equal(await call(), 200);
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, caller));
  agent.destroy();
}
