// Talks to the operator's provider (OpenID Connect, code flow with PKCE, state and nonce): where a browser is
// sent, and who came back. What is needed in between is in the caller's hands. The library is loaded at the
// first sign-on. Called by openid-sign-on.ts.
import type { Configuration } from 'openid-client';
import { fail } from '../errors/failure.ts';

export type OpenidProvider = { issuer: string; clientId: string; clientSecret: string };

/** What a browser keeps, sealed, until it comes back. */
export type OpenidAttempt = { state: string; nonce: string; verifier: string };

export type Claims = Readonly<Record<string, unknown>> & { sub: string };

export type OpenidClient = {
  /** @throws Failure `unavailable` where the provider doesn't answer */
  begin(): Promise<{ url: string; attempt: OpenidAttempt }>;
  /**
   * @param url to which the browser came back, as a whole
   * @throws Failure `unauthorized` where the provider, or a check, says no
   */
  finish(url: URL, attempt: OpenidAttempt): Promise<Claims>;
};

const TIMEOUT_S = 10;
/** A provider's addresses and keys change rarely. */
const KEEP_MS = 3_600_000;

export function createOpenidClient(provider: OpenidProvider, redirectUri: string): OpenidClient {
  let known: { configuration: Promise<Configuration>; untilMs: number } | null = null;
  const discover = async (): Promise<Configuration> => {
    const client = await import('openid-client');
    const { issuer, clientId, clientSecret } = provider;
    const url = new URL(issuer);
    const execute = url.protocol === 'http:' ? [client.allowInsecureRequests] : [];
    return await client.discovery(url, clientId, clientSecret, undefined, { execute, timeout: TIMEOUT_S });
  };
  const configured = async (): Promise<Configuration> => {
    const nowMs = performance.now();
    if (known === null || nowMs > known.untilMs) {
      known = { configuration: discover(), untilMs: nowMs + KEEP_MS };
    }
    try {
      return await known.configuration;
    } catch (cause) {
      known = null;
      return fail('unavailable', {
        message: 'the provider (MILLRACE_OPENID_ISSUER) can not be asked now',
        ...{ cause, facts: { retryAfterS: 10 } },
      });
    }
  };
  return {
    async begin() {
      const configuration = await configured();
      const client = await import('openid-client');
      const attempt = {
        state: client.randomState(),
        nonce: client.randomNonce(),
        verifier: client.randomPKCECodeVerifier(),
      };
      const url = client.buildAuthorizationUrl(configuration, {
        ...{ redirect_uri: redirectUri, scope: 'openid email profile' },
        ...{ state: attempt.state, nonce: attempt.nonce },
        code_challenge: await client.calculatePKCECodeChallenge(attempt.verifier),
        code_challenge_method: 'S256',
      });
      return { url: url.href, attempt };
    },
    async finish(url, { state, nonce, verifier }) {
      const configuration = await configured();
      const client = await import('openid-client');
      try {
        const tokens = await client.authorizationCodeGrant(configuration, url, {
          ...{ expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier },
          idTokenExpected: true,
        });
        const told = tokens.claims() as Claims;
        if (configuration.serverMetadata().userinfo_endpoint === undefined) return told;
        // Many providers keep groups and addresses out of the token itself.
        const further = await client.fetchUserInfo(configuration, tokens.access_token, told.sub);
        return { ...further, ...told };
      } catch (cause) {
        return fail('unauthorized', { message: 'the provider has not signed you in', cause });
      }
    },
  };
}
