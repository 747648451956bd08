// Reads the parameters of an address. Pure; called by every API whose addresses hold ids.
import { fail } from '../errors/failure.ts';

/**
 * Every id of ours, those that publishers choose for their events, and every word that stands in an id's
 * place.
 */
const PARAM = /^[0-9A-Za-z_-][0-9A-Za-z_.:-]{0,99}$/;

/**
 * An id that could never be one names nothing, whatever else is wrong with it.
 * @throws Failure `not_found`
 */
export function readParams(params: unknown): Record<string, string> {
  const read = params as Record<string, string>;
  for (const value of Object.values(read)) {
    if (!PARAM.test(value)) fail('not_found', { message: 'there is no such resource' });
  }
  return read;
}
