// Sign-ins of programs without a browser, /device-authorizations: begun and asked about by the program,
// which has no token yet; looked at and answered by a person who is signed in. The token gets what the person
// may do in the account and mode that they choose.
import { z } from 'zod';
import { fail } from '../errors/failure.ts';
import { readInput, storableText } from '../http/read-input.ts';
import type { ConsoleAccess } from '../people/console-access.ts';
import { DEVICE_ANSWERS } from '../people/device-authorization-store.ts';
import { DEVICE_INTERVAL_S, DEVICE_LIFE_S, type DeviceSignIn, shownCode } from '../people/device-sign-in.ts';
import { heldEntries } from '../tokens/delegation.ts';
import type { ApiEndpoint, OpenEndpoint } from './millrace-api.ts';
import { fromOf } from './session-endpoints.ts';

type Parts = { devices: DeviceSignIn; access: ConsoleAccess; consoleUrl: string };

const PATH = '/device-authorizations';
/** Of the console. */
const PAGE = '/device';
const at = z.iso.datetime();

const newFields = z.strictObject({
  client: storableText(100)
    .refine((text) => text.trim() !== '', 'must not be empty')
    .describe('what asks, e.g. the name of the machine: the person reads it'),
});
const begunSchema = z.object({
  device_code: z.string().describe('for the program alone'),
  user_code: z.string().describe('for the person'),
  verification_uri: z.string(),
  verification_uri_complete: z.string().describe('with the code in it'),
  expires_in_s: z.int(),
  interval_s: z.int().describe('between two questions for the token; sooner: 429'),
});
const askFields = z.strictObject({ device_code: z.string('must be text').max(100) });
const answeredSchema = z.object({
  status: z.enum(DEVICE_ANSWERS),
  token: z.string().nullable().describe('once, where it is approved; good for 30 days'),
});
const shownSchema = z.object({ client: z.string(), address: z.string(), created_at: at, expires_at: at });

export function openDeviceEndpoints({ devices, access, consoleUrl }: Parts): OpenEndpoint[] {
  return [
    {
      method: 'POST',
      path: PATH,
      summary: 'Begins to sign in a program that has no browser',
      permit: 'anyone',
      body: newFields,
      response: begunSchema,
      answer: async (request) => {
        const { client } = readInput(newFields, request.body ?? {}, 'the request body');
        const { deviceCode, userCode } = await devices.begin(client, fromOf(request));
        const page = `${consoleUrl}${PAGE}`;
        return {
          ...{ device_code: deviceCode, user_code: shownCode(userCode), verification_uri: page },
          verification_uri_complete: `${page}#${shownCode(userCode)}`,
          ...{ expires_in_s: DEVICE_LIFE_S, interval_s: DEVICE_INTERVAL_S },
        };
      },
    },
    {
      method: 'POST',
      path: `${PATH}/token`,
      summary: 'Whether the person has answered: the token, once',
      permit: 'anyone',
      body: askFields,
      response: answeredSchema,
      answer: async (request) => {
        const { device_code: code } = readInput(askFields, request.body ?? {}, 'the request body');
        const { answer, token } = await devices.take(code, fromOf(request));
        return { status: answer, token };
      },
    },
    {
      method: 'GET',
      path: `${PATH}/:code`,
      summary: 'What asks to be signed in, by the code that it shows',
      ...{ permit: 'anyone', needsSession: true },
      response: shownSchema,
      answer: async (request) => {
        await access.requireSession(request);
        const { client, address, createdAt, expiresAt } = await devices.find(
          request.params.code ?? '',
          fromOf(request),
        );
        return { client, address, created_at: createdAt.toISOString(), expires_at: expiresAt.toISOString() };
      },
    },
    {
      method: 'POST',
      path: `${PATH}/:code/refuse`,
      summary: 'Refuses to sign it in',
      ...{ permit: 'anyone', needsSession: true, status: 204 },
      response: z.undefined(),
      answer: async (request) => {
        await access.requireSession(request);
        await devices.answer(request.params.code ?? '', null, fromOf(request));
        return undefined;
      },
    },
  ];
}

export function deviceEndpoints({ devices }: Pick<Parts, 'devices'>): ApiEndpoint[] {
  return [
    {
      method: 'POST',
      path: `${PATH}/:code/approve`,
      summary:
        'Signs it in: it gets a token of what you may do in this account and mode, but for an operator’s',
      permit: { resource: 'auths', method: 'create' },
      status: 204,
      response: z.undefined(),
      answer: async (request) => {
        const { caller, world, params } = request;
        const { userId, kind, permissions } = caller;
        if (kind !== 'session' || userId === null) {
          return fail('insufficient_permissions', {
            message: 'a person who is signed in confirms it: a token makes others by POST /tokens',
          });
        }
        // Of the account, whose name the person has read; other accounts are no terminal's to work on.
        const ofAccount = heldEntries(permissions).filter(({ resource }) => resource !== 'operator');
        const approval = { ...world, userId, permissions: ofAccount };
        await devices.answer(params.code ?? '', approval, fromOf(request));
        return undefined;
      },
    },
  ];
}
