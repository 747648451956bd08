// Reads JSON that people's editors have written: some put a byte order mark before it, which npm and Node
// ignore. Pure. Called by whatever reads users' files; request bodies are read by take-json.ts.
const BYTE_ORDER_MARK = '\uFEFF';

/** @throws SyntaxError */
export function parseJsonFile(text: string): unknown {
  return JSON.parse(text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text);
}
