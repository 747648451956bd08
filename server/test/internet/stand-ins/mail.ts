// A mail server: the real SMTP of the package `smtp-server` on port 587, with STARTTLS and a login (`shop`,
// `secret`). Questions: `mails`.
import { readFileSync } from 'node:fs';
import { SMTPServer } from 'smtp-server';
import { answerQuestions, readPlace } from '../stand-in.ts';

export type SeenMail = { from: string; to: string[]; user: string; isEncrypted: boolean; text: string };

const place = readPlace();
const mails: SeenMail[] = [];

const server = new SMTPServer({
  key: readFileSync(place.keyFile),
  cert: readFileSync(place.certFile),
  onAuth: ({ username = '', password }, _session, callback) =>
    password === 'secret' ? callback(null, { user: username }) : callback(new Error('wrong password')),
  onData: (stream, session, callback) => {
    const chunks: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('end', () => {
      const { mailFrom, rcptTo } = session.envelope;
      mails.push({
        from: mailFrom === false ? '' : mailFrom.address,
        to: rcptTo.map(({ address }) => address),
        user: String(session.user),
        isEncrypted: session.secure,
        text: Buffer.concat(chunks).toString(),
      });
      callback();
    });
  },
});
server.on('error', () => {});
server.listen(587, place.address, () => answerQuestions({ mails: () => mails }, () => process.exit(0)));
