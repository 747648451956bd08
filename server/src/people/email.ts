// E-mail addresses by which people are known: read, and folded so that two spellings of one are one. Pure.
import { z } from 'zod';

const MOST_LENGTH = 254;
const ADDRESS = /^[^\s@<>()[\],;:\\"\p{C}]{1,64}@[^\s@<>()[\],;:\\"\p{C}]+$/u;
const RULE = `must be an e-mail address of at most ${MOST_LENGTH} characters`;

export const emailField: z.ZodType<string> = z
  .string('must be text')
  .max(MOST_LENGTH, RULE)
  .regex(ADDRESS, RULE)
  .refine((text) => text.isWellFormed(), RULE);

/** What two spellings of one address have in common. */
export function foldEmail(email: string): string {
  return email.normalize('NFKC').toLowerCase();
}
