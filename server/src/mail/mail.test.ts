import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mailProblem } from './mail.ts';

const mail = { to: ['a@b.example'], subject: 'Hello' };

test('nothing that becomes a header can begin another one', () => {
  assert.equal(mailProblem(mail), null);
  for (const line of ['a\r\nBcc: x@y.example', 'a\nb', 'a\u2028b', 'a\0b', 'x'.repeat(2_000)]) {
    assert.notEqual(mailProblem({ ...mail, subject: line }), null);
    assert.notEqual(mailProblem({ ...mail, to: [line] }), null);
    assert.notEqual(mailProblem({ ...mail, from: line }), null);
    assert.notEqual(mailProblem({ ...mail, replyTo: line }), null);
    const attachment = { filename: line, contentType: 'text/plain', content: Buffer.from('') };
    assert.notEqual(mailProblem({ ...mail, attachments: [attachment] }), null);
  }
});

test('a mail without a recipient is none', () => {
  assert.equal(mailProblem({ ...mail, to: [] }), 'the mail has no recipient');
});
