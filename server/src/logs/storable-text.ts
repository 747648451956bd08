// PostgreSQL's text and jsonb hold neither NUL nor lone surrogates; strangers' code prints both. Pure.

/** The same text with what can't be stored replaced by U+FFFD. */
export function storableText(text: string): string {
  return (text.includes('\0') ? text.replaceAll('\0', '\uFFFD') : text).toWellFormed();
}
