// The operator's own provider on this machine (`oidc-provider`), for promises about signing in by one. Opened
// by a test file, with the address that it sends people back to.
import { createServer, type Server } from 'node:http';
import { freePort } from './start-millrace.ts';

export type Claims = { email: string; email_verified: boolean | undefined; name: string; groups: string[] };
export type Provider = { url: string; people: Map<string, Claims>; close(): void };
type Made = { callback(): Parameters<typeof createServer>[1] };

export const CLIENT_ID = 'millrace';
export const CLIENT_SECRET = 'a client secret of some length';

/** Shows its own pages for signing in and for consent; takes every password. */
export async function openProvider(redirectUri: string): Promise<Provider> {
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const people = new Map<string, Claims>();
  const name: string = 'oidc-provider';
  const { default: Provider } = (await import(name)) as {
    default: new (url: string, settings: object) => Made;
  };
  const provider = new Provider(url, {
    clients: [
      {
        client_id: CLIENT_ID,
        client_secret: CLIENT_SECRET,
        redirect_uris: [redirectUri],
      },
    ],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name', 'groups'] },
    pkce: { required: () => true },
    cookies: { keys: ['a key of the tests'] },
    findAccount: (_: unknown, accountId: string) => ({
      accountId,
      claims: async () => ({ sub: accountId, ...people.get(accountId) }),
    }),
  });
  const server: Server = createServer(provider.callback()).listen(port);
  return { url, people, close: () => server.close() };
}
