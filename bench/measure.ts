// One measurement: autocannon against one peer, for a bounded time.
import autocannon from 'autocannon';
import type { Peer } from './peer.ts';

export type Measurement = { p50Ms: number; p99Ms: number; perSecond: number };

/**
 * Drives a peer with as many connections for as many seconds. autocannon rounds latencies to whole
 * milliseconds, so they are taken from its requests here, to the microsecond.
 * @throws Error when any answer was not 200: a fast refusal is not a result
 */
export async function measure(peer: Peer, connections: number, seconds: number): Promise<Measurement> {
  const latencies: number[] = [];
  const { url, headers } = peer;
  const result = await new Promise<autocannon.Result>((resolve, reject) => {
    const instance = autocannon({ url, headers, connections, duration: seconds }, (error, finished) =>
      error ? reject(error as Error) : resolve(finished),
    );
    instance.on('response', (_client, _status, _bytes, ms) => latencies.push(ms));
  });
  if (result.non2xx > 0 || result.errors > 0) {
    throw new Error(`${peer.name}: ${result.non2xx} answers other than 200, ${result.errors} errors`);
  }
  latencies.sort((a, b) => a - b);
  const at = (share: number): number => latencies[Math.floor(latencies.length * share)] ?? Number.NaN;
  return { p50Ms: at(0.5), p99Ms: at(0.99), perSecond: latencies.length / result.duration };
}

/** The median of each figure over several rounds. */
export function median(rounds: readonly Measurement[]): Measurement {
  const of = (figure: keyof Measurement): number => {
    const sorted = rounds.map((round) => round[figure]).sort((a, b) => a - b);
    return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  };
  return { p50Ms: of('p50Ms'), p99Ms: of('p99Ms'), perSecond: of('perSecond') };
}
