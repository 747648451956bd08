// Settings that name an account which isn't there: said at the start, each with what it names; the others are
// not.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noJails, startMillrace } from './start-millrace.ts';

test('a setting that names an unknown account is warned of at the start', { skip: noJails() }, async () => {
  const millrace = await startMillrace({
    env: {
      MILLRACE_DOMAINS: 'known.example=1001,typo.example=10011',
      MILLRACE_MAIL_DOMAINS: 'AX9999=mail.example',
    },
  });
  try {
    await millrace.printed(/MILLRACE_DOMAINS: typo\.example=10011 names an account that is not there/);
    await millrace.printed(/MILLRACE_MAIL_DOMAINS: there is no account AX9999/);
    assert.doesNotMatch(millrace.output(), /known\.example/);
  } finally {
    await millrace.close();
  }
});
