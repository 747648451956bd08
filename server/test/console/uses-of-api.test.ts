// Every operation that Millrace's own API has is used by the console, or stands here with the reason why not:
// what is added to the API is asked for here.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';

const ROOT = path.resolve(import.meta.dirname, '../../..');
const REQUEST = /\.(GET|POST|PUT|PATCH|DELETE)\(\s*'([^']+)'/g;

/** What of these isn't used has no place in the console; programs, the command line and curl use it. */
const NOT_ALL: Readonly<Record<string, string>> = {
  '/accounts/': 'of other accounts: the operator has /operator/accounts',
  '/operator/': 'what an operator does seldom is in the command line, and in their own product',
  '/email-templates': 'they are looked at and tried; what is written is written by the API',
  '/template-mails/{id}': 'the list has all of it',
  '/flow': 'flows are looked at and published; what is drawn is drawn by the product that has them',
  '/queries': 'they are run and looked at; what is asked is written by the API',
  '/query-': 'a query shows its own executions',
  '/payment-profiles': 'profiles are the product’s to show',
};

const NOT_USED: Readonly<Record<string, string>> = {
  'PATCH /account/limits': 'only the operator changes them',
  'GET /deliveries/{id}': 'the list has all of it',
  'GET /subscriptions/{id}': 'the list has all of it',
  'DELETE /domains': 'one after the other',
  'GET /domains/{domain}': 'the list has all of it',
  'GET /smtp_profiles/{id}': 'the list has all of it',
  'PATCH /smtp_profiles/{id}': 'one is made anew',
  'GET /function-values/{id}': 'the list has all of it',
  'GET /audit/export': 'a file for auditors, by the command line',
  'GET /builds': 'each function shows its own',
  'GET /builds/{id}': 'the list of a function has all of it',
  'GET /caller': 'whose token it is; a session is shown by GET /session',
  'POST /device-authorizations': 'by the terminal that asks to be signed in',
  'POST /device-authorizations/token': 'the same',
  'GET /functions/{id}/canary': 'the function itself has it',
  'POST /functions/{id}/rollback': 'an older version is made active by its number',
  'POST /functions/{id}/runs': 'the test panel runs what is typed; a live run is started by its triggers',
  'POST /functions/{id}/validate': 'a test run says whether code loads',
  'GET /functions/{id}/versions/{number}': 'the list has all of it',
  'PATCH /functions/{id}/versions/{number}': 'a note is given with the deploy',
  'POST /functions/test': 'code is tried in the function that it is for',
  'POST /functions/validate': 'the same',
  'GET /invitations/{id}': 'the list has all of it',
  'DELETE /portal-session': 'a portal ends by itself, or with the product that shows it',
  'DELETE /runs/{id}/contents': 'no button yet for deleting what a run has kept',
  'GET /runs/{id}/error': 'the page marks the line in the source by itself',
  'GET /runs/{id}/logs/stream': 'used as a stream, past the typed client',
  'GET /runs/{id}/timeline': 'the page draws it of the run itself',
  'GET /runs/stream': 'used as a stream, past the typed client',
  'GET /session/openid': 'a link: the browser goes there',
  'GET /session/openid/return': 'the provider sends the browser there',
  'POST /setup': 'by a token, before anybody is there; the page uses /setup/accept',
  'GET /tokens/{id}': 'the list has all of it',
  'PATCH /tokens/{id}': 'a token is made anew',
  'GET /triggers/{id}': 'the list has all of it',
  'GET /users/{id}': 'the list has all of it',
  'DELETE /users/{id}/second-factor': 'no button yet',
  'GET /users/{id}/sessions': 'no button yet',
  'DELETE /users/{id}/sessions': 'no button yet',
};

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => path.join(entry.parentPath, entry.name));
}

function usedByConsole(): Set<string> {
  const sources = filesBelow(path.join(ROOT, 'console/src')).map((file) => readFileSync(file, 'utf8'));
  return new Set(
    sources.flatMap((text) => [...text.matchAll(REQUEST)].map(([, method, at]) => `${method} ${at}`)),
  );
}

/** As the client's types have them, which `npm run check` compares with the API's own document. */
function operations(): string[] {
  const lines = readFileSync(path.join(ROOT, 'client/src/api-paths.ts'), 'utf8').split('\n');
  const found: string[] = [];
  let address = '';
  for (const line of lines) {
    if (/^export (interface|type) (?!paths)/.test(line)) break;
    address = /^ {4}"(\/[^"]*)": \{/.exec(line)?.[1] ?? address;
    const method = /^ {8}(get|post|put|patch|delete): \{/.exec(line)?.[1];
    if (method !== undefined) found.push(`${method.toUpperCase()} ${address}`);
  }
  return found;
}

const isExcused = (operation: string): boolean => {
  const address = operation.slice(operation.indexOf(' ') + 1);
  return Object.keys(NOT_ALL).some((prefix) => address.startsWith(prefix));
};

describe('the console', () => {
  test('uses every operation of the API, or it stands here why not', () => {
    const used = usedByConsole();
    const all = operations();
    assert.ok(all.length > 200 && used.size > 50, `${all.length} operations, ${used.size} used`);
    const left = all.filter((one) => !used.has(one) && !(one in NOT_USED) && !isExcused(one));
    assert.deepEqual(left, []);
  });

  test('is excused from nothing that isn’t there, or that it uses', () => {
    const all = operations();
    const gone = Object.keys(NOT_USED).filter((one) => !all.includes(one));
    const used = usedByConsole();
    const needless = Object.keys(NOT_USED).filter((one) => used.has(one));
    const empty = Object.keys(NOT_ALL).filter(
      (prefix) => !all.some((one) => one.includes(` ${prefix}`) && !used.has(one)),
    );
    assert.deepEqual([...gone, ...needless, ...empty], []);
  });
});
