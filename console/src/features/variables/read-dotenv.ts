// The lines of a .env file: names and values, comments and quotes taken off. Pure.
export function readDotenv(text: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const line of text.split('\n')) {
    const [, name, raw] = /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    if (name !== undefined && raw !== undefined) found[name] = valueIn(raw);
  }
  return found;
}

function valueIn(raw: string): string {
  const [, quoted] = /^"((?:[^"\\]|\\.)*)"/.exec(raw) ?? [];
  if (quoted !== undefined) return quoted.replace(/\\n/g, '\n').replace(/\\(.)/g, '$1');
  const [, plain] = /^'([^']*)'/.exec(raw) ?? [];
  return plain ?? raw.replace(/\s+#.*$/, '');
}
