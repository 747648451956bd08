// What the launcher says of a token that it has made as the data dir's owner (launcher/make-token.ts), and
// the server's part of it (roles/issue-token.ts) reads.

export type TokenMaking = {
  /** Whether Millrace runs on the data dir: then the embedded database does, too. */
  isServed: boolean;
  /** Who makes it, for the trace. */
  by: string;
};
