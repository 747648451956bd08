// A session as Millrace's own API shows it. Called by the endpoints of sessions and of users.
import { z } from 'zod';
import type { StoredSession } from '../people/session-store.ts';

const at = z.iso.datetime();

export const sessionSchema = z.object({
  id: z.string(),
  way: z.enum(['password', 'passkey', 'openid']).describe('how it was begun'),
  address: z.string().nullable().describe('from which it was begun'),
  user_agent: z.string().nullable(),
  created_at: at,
  last_used_at: at.describe('to the minute'),
  expires_at: at.describe('at the latest; earlier where it is not used'),
});
z.globalRegistry.add(sessionSchema, { id: 'Session' });

export function sessionView(session: StoredSession): z.input<typeof sessionSchema> {
  return {
    id: session.id,
    way: session.way,
    address: session.address,
    user_agent: session.userAgent,
    created_at: session.createdAt.toISOString(),
    last_used_at: session.lastUsedAt.toISOString(),
    expires_at: session.expiresAt.toISOString(),
  };
}
