// A mail as it is to be sent. Pure data and its rules.

export type Mail = {
  /** Of its Message-ID, before the `@`: the same whenever the same mail is sent again. */
  id?: string;
  /** Plain addresses, checked by who takes them in. */
  to: readonly string[];
  subject: string;
  /** `Name <address>` or an address; left out: the profile's sender. */
  from?: string;
  replyTo?: string;
  text?: string;
  html?: string;
  attachments?: readonly { filename: string; contentType: string; content: Buffer }[];
};

const MOST_LINE_LENGTH = 998;

/** Everything that becomes a header. @returns what is wrong; null: nothing */
export function mailProblem({ to, subject, from, replyTo, attachments = [] }: Mail): string | null {
  if (to.length === 0) return 'the mail has no recipient';
  const lines = [...to, subject, from ?? '', replyTo ?? ''];
  for (const { filename, contentType } of attachments) lines.push(filename, contentType);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a line break would begin another header
  const isBroken = lines.some((line) => /[\u0000-\u0008\u000A-\u001F\u007F\u0085\u2028\u2029]/.test(line));
  if (isBroken)
    return 'an address, subject or file name of the mail holds a line break or a control character';
  return lines.some((line) => line.length > MOST_LINE_LENGTH)
    ? 'an address or the subject of the mail is too long'
    : null;
}
