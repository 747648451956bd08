// The management API as it is served, for tests: a real server on a free port, a real database, a first
// account with its token. No part of it is a stand-in. Called by the tests beside it.
import { randomBytes } from 'node:crypto';
import { pino } from 'pino';
import type { World } from '../../src/accounts/account.ts';
import { findAccountSettings } from '../../src/accounts/account-settings-store.ts';
import { findSealedKey } from '../../src/accounts/account-store.ts';
import { ensureFirstAccount } from '../../src/accounts/first-account.ts';
import { accountsEndpoints, accountUrl } from '../../src/dialects/comecero/accounts.ts';
import { authsEndpoints } from '../../src/dialects/comecero/auths.ts';
import { authsIssueEndpoints } from '../../src/dialects/comecero/auths-issue.ts';
import { comeceroApi } from '../../src/dialects/comecero/comecero-api.ts';
import { renderComeceroFailure } from '../../src/dialects/comecero/comecero-envelope.ts';
import { technicalSettingsEndpoints } from '../../src/dialects/comecero/technical-settings.ts';
import { usersEndpoints } from '../../src/dialects/comecero/users.ts';
import { AccountKeys, makeSealedKey } from '../../src/environment/account-keys.ts';
import { createAccountChangePublisher } from '../../src/events/account-changes.ts';
import { createOwnEventPublisher } from '../../src/events/own-events.ts';
import { createHttpServer } from '../../src/http/open-http-server.ts';
import { newEventId } from '../../src/ids/ids.ts';
import { AddressPace } from '../../src/tokens/address-pace.ts';
import { issueFullToken } from '../../src/tokens/issue-token.ts';
import { TokenDirectory } from '../../src/tokens/token-directory.ts';
import { openTestDatabase, type TestDatabase } from '../database/open-test-database.ts';

/** JSON of any shape, for reaching into; what is reached is checked by the assertions. */
export type Json = { [name: string]: Json };

export type ApiAnswer = {
  status: number;
  headers: Headers;
  text: string;
  /** The parsed body; empty where there was none. */
  body: Json;
};

export type ManagementApi = {
  database: TestDatabase;
  accountId: string;
  adminToken: string;
  publicUrl: string;
  /** Where it really listens. */
  origin: string;
  keys: AccountKeys;
  tokens: TokenDirectory;
  /** Every line of the log so far, parsed. */
  logLines: () => Json[];
  /** Moves the clock of the server. */
  advance: (ms: number) => void;
  call: (method: string, path: string, token: string | null, body?: unknown) => Promise<ApiAnswer>;
  close: () => Promise<void>;
};

const PUBLIC_URL = 'https://functions.example.com';
export const BODY_LIMIT_BYTES = 64 * 1024;
export const LIMITED_TOKENS_AT_ONCE = 8;

export async function openManagementApi(): Promise<ManagementApi> {
  const database = await openTestDatabase();
  const masterKey = randomBytes(32);
  let advancedMs = 0;
  const clock = () => Date.now() + advancedMs;
  const { account, token } = await ensureFirstAccount(database, {
    makeSealedKey: async (accountId) => makeSealedKey(masterKey, accountId),
    issueToken: (sql, owner) =>
      issueFullToken(sql, owner, { chosen: null, comments: 'first', keep: () => {} }).then(
        ({ clear }) => clear,
      ),
  });
  const lines: string[] = [];
  const log = pino({ level: 'info' }, { write: (line: string) => void lines.push(line) });
  const tokens = new TokenDirectory({ sql: database, clock, onError: (error) => log.error({ err: error }) });
  const publishOwn = createOwnEventPublisher({ newEventId, log, mostDepth: 10, clock });
  const keys = new AccountKeys(masterKey, (accountId) => findSealedKey(database, accountId));
  const publishAccountChange = createAccountChangePublisher({
    publishOwn,
    accountUrl: (accountId) => accountUrl(PUBLIC_URL, accountId),
  });
  const parts = {
    ...{ sql: database, database, keys, clock, publicUrl: PUBLIC_URL, tokens },
    ...{ publishOwn, publishAccountChange },
  };
  const pace = new AddressPace({ clock, burst: LIMITED_TOKENS_AT_ONCE, perMinute: 1, capacity: 100 });
  const server = createHttpServer({
    log,
    bodyLimitBytes: BODY_LIMIT_BYTES,
    envelopes: [{ prefix: '/api/v1', render: renderComeceroFailure }],
  });
  const endpoints = [
    ...authsEndpoints(parts),
    ...authsIssueEndpoints({ ...parts, pace }),
    ...usersEndpoints(parts),
    ...accountsEndpoints(parts),
    ...technicalSettingsEndpoints(parts),
  ];
  const timeZoneOf = async (world: World) => (await findAccountSettings(database, world)).timeZone;
  await server.register(comeceroApi({ tokens, publicUrl: PUBLIC_URL, log, endpoints, timeZoneOf }), {
    prefix: '/api/v1',
  });
  const origin = await server.listen({ port: 0, host: '127.0.0.1' });
  return {
    database,
    accountId: account.id,
    adminToken: token ?? '',
    publicUrl: PUBLIC_URL,
    origin,
    keys,
    tokens,
    logLines: () => lines.map((line) => JSON.parse(line) as Json),
    advance: (ms) => {
      advancedMs += ms;
    },
    call: (method, path, caller, body) => call(`${origin}/api/v1${path}`, { method, caller, body }),
    close: async () => {
      await server.close();
      await tokens.close();
      await database.close();
    },
  };
}

async function call(
  url: string,
  request: { method: string; caller: string | null; body: unknown },
): Promise<ApiAnswer> {
  const answer = await fetch(url, {
    method: request.method,
    headers: {
      ...(request.caller === null ? {} : { authorization: `Bearer ${request.caller}` }),
      ...(request.method === 'GET' ? {} : { 'content-type': 'application/json' }),
    },
    ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
  });
  const text = await answer.text();
  const body = text === '' ? {} : (JSON.parse(text) as Json);
  return { status: answer.status, headers: answer.headers, text, body };
}
