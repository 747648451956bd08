// Sends a request again if the network was gone for a moment, where that can do nothing twice: reading, and a
// POST, which carries a key by which the server knows it again. Notes whether the server answers. Called by
// the client of the console.
import { noteConnection } from './connection.ts';
import { isPortal, portalToken } from './portal-token.ts';

const TRIES = 4;
const PAUSE_MS = 250;
const KEY = 'Idempotency-Key';

export async function steadyFetch(request: Request): Promise<Response> {
  if (request.method === 'POST') request.headers.set(KEY, crypto.randomUUID());
  if (isPortal) asPortal(request);
  const isRepeatable = request.method === 'GET' || request.method === 'POST';
  for (let left = isRepeatable ? TRIES : 1; ; left -= 1) {
    try {
      // Who shows a portal may be signed in here themselves: that is nothing to the portal.
      const answer = await fetch(request.clone(), isPortal ? { credentials: 'omit' } : undefined);
      noteConnection(true);
      return answer;
    } catch (error) {
      if (left <= 1) {
        // One that was given up by its page says nothing of the server.
        if (!request.signal.aborted) noteConnection(false);
        throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
}

function asPortal({ headers }: Request): void {
  const token = portalToken();
  if (token !== null) headers.set('Authorization', `Portal ${token}`);
  // Account and mode are the token's own.
  headers.delete('Millrace-Account');
  headers.delete('Millrace-Mode');
}
