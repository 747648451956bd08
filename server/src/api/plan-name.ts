// What a plan may be called. Pure. Called by the operator's endpoints of plans and of accounts.
import { z } from 'zod';

const RULE = 'must be 1 to 100 letters, digits, _, . and -, beginning with a letter or a digit';
const NAME = /^[0-9A-Za-z][0-9A-Za-z_.-]{0,99}$/;

export const planName = z.string(RULE).regex(NAME, RULE);

export function isPlanName(text: string): boolean {
  return NAME.test(text);
}
