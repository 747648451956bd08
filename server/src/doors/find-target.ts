// Who is behind an address, and whether this caller may come in: asked by both doors before a body is read.
import type { FastifyRequest } from 'fastify';
import { fail } from '../errors/failure.ts';
import type { RunnableFunction } from '../functions/function.ts';
import type { FunctionDirectory } from '../functions/function-directory.ts';
import { clientAddress } from '../http/client-address.ts';
import { requireHostFor } from '../http/request-host.ts';
import { requireServed } from '../http/served-accounts.ts';
import type { AddressDirectory, AddressTrigger, KnownAddress } from './address-directory.ts';

export type Target = KnownAddress & { fn: RunnableFunction };

export type TargetParts = {
  addresses: Pick<AddressDirectory, 'find'>;
  functions: Pick<FunctionDirectory, 'peek' | 'find'>;
};

/** When it is worth asking again: it is resumed by hand. */
const PAUSED_RETRY_AFTER_S = 60;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * @throws Failure `not_found` where the address is nobody's, or not this host's, `account_suspended`,
 * `ip_not_allowed`, `function_disabled` for a trigger or function that is
 *   switched off, `function_paused` for a function URL that is paused
 */
export async function findTarget(
  parts: TargetParts,
  kind: AddressTrigger['kind'],
  request: FastifyRequest,
): Promise<Target> {
  const address = (request.params as { address: string }).address.toLowerCase();
  const known = UUID.test(address) ? await parts.addresses.find(address) : null;
  if (known === null || known.trigger.kind !== kind) return fail('not_found', { message: NOBODY[kind] });
  requireHostFor(request, known.trigger.accountId);
  requireServed(request, known.trigger.accountId);
  const ip = clientAddress(request);
  if (known.allowed !== null && !known.allowed.holds(ip)) {
    fail('ip_not_allowed', { message: `this address may not be called from ${ip}`, facts: { ip } });
  }
  const { functionId, accountId, mode } = known.trigger;
  const fn = parts.functions.peek(functionId) ?? (await parts.functions.find(functionId));
  if (fn === null || fn.accountId !== accountId || fn.mode !== mode) {
    return fail('not_found', { message: NOBODY[kind] });
  }
  const target = { ...known, fn };
  requireEnabled(target);
  // A message is accepted and held; a caller who waits for an answer can't be.
  if (kind === 'function_url' && known.trigger.pausedAt !== null) {
    fail('function_paused', {
      message: 'this address is paused: it takes no calls for now',
      facts: { retryAfterS: PAUSED_RETRY_AFTER_S },
    });
  }
  return target;
}

/** @throws Failure `function_disabled` */
export function requireEnabled({ trigger, fn }: Target): void {
  if (!trigger.enabled) fail('function_disabled', { message: 'this address is switched off' });
  if (!fn.enabled) fail('function_disabled', { message: 'the function behind this address is disabled' });
}

const NOBODY = {
  webhook: 'there is no webhook at this address',
  function_url: 'there is no function at this address',
} as const;
