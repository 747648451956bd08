// A warm no-op call through the whole path (token, limits, jail, run record) beside a bare node:http server
// and two peers that have no jail, in the same run, at 1 and 16 connections. Rounds alternate, so that a busy
// moment of the machine hits all.

import { functionsFramework, installPeers, workerd } from './installed-peers.ts';
import { type Measurement, measure, median } from './measure.ts';
import { bareNode, type Peer, warmFunctions } from './peer.ts';
import { printTable } from './table.ts';

const ROUNDS = 5;
const SECONDS = 3;
const WARM_UP_SECONDS = 3;

installPeers();
const peers = [await bareNode(), ...(await warmFunctions()), await functionsFramework(), await workerd()];
try {
  for (const peer of peers) await measure(peer, 16, WARM_UP_SECONDS);
  for (const connections of [1, 16]) printTable(title(connections), rows(await compare(connections)));
} finally {
  for (const peer of peers) await peer.close();
}

async function compare(connections: number): Promise<[Peer, Measurement][]> {
  const rounds = new Map<Peer, Measurement[]>(peers.map((peer) => [peer, []]));
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const peer of peers) rounds.get(peer)?.push(await measure(peer, connections, SECONDS));
  }
  return peers.map((peer) => [peer, median(rounds.get(peer) ?? [])]);
}

function title(connections: number): string {
  return `${connections} connection${connections === 1 ? '' : 's'}, median of ${ROUNDS} rounds of ${SECONDS} s`;
}

/** The first peer is the floor. */
function rows(measured: [Peer, Measurement][]): Record<string, string>[] {
  const floor = measured[0]?.[1];
  return measured.map(([peer, figures]) => ({
    '': peer.name,
    'p50 ms': figures.p50Ms.toFixed(3),
    'p99 ms': figures.p99Ms.toFixed(3),
    'calls/s': figures.perSecond.toFixed(0),
    'p50 above floor, ms': (figures.p50Ms - (floor?.p50Ms ?? 0)).toFixed(3),
    'throughput to floor': `1/${((floor?.perSecond ?? 0) / figures.perSecond).toFixed(1)}`,
  }));
}
