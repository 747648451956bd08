// Bounds how many requests one address may send, before anything is done for them: no host or token is looked
// up, no body read, no page of the console answered. Off where the operator sets no number. Whether the
// server is there is always answered. Made by roles/open-public-port.ts, called by http/open-http-server.ts
// for every request.
import type { FastifyRequest } from 'fastify';
import type { Clock } from '../clock/clock.ts';
import { fail } from '../errors/failure.ts';
import { clientAddress } from '../http/client-address.ts';
import { AddressPace } from './address-pace.ts';

/** Addresses remembered: a stranger who has more must not take this node's memory. */
const ADDRESSES = 100_000;
/** A page, or a program that begins, asks for much at once. */
const BURST_SECONDS = 2;
const ALWAYS_ANSWERED = new Set(['/healthz', '/readyz']);

/**
 * @param perSecond in the long run; 0: no bound
 * @returns what throws Failure `too_many_requests` for a request beyond it
 */
export function createAddressPacing(perSecond: number, clock: Clock): (request: FastifyRequest) => void {
  if (perSecond === 0) return () => {};
  const pace = new AddressPace({
    ...{ clock, burst: perSecond * BURST_SECONDS, perMinute: perSecond * 60, capacity: ADDRESSES },
  });
  return (request) => {
    const address = clientAddress(request);
    if (ALWAYS_ANSWERED.has(request.url) || pace.take(address)) return;
    fail('too_many_requests', {
      message: `this address sends more than ${perSecond} requests a second`,
      facts: { retryAfterS: pace.waitS(address) },
    });
  };
}
