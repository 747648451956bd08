// A JSON document as XML. Pure. The rendering is ours (see docs/): a member is an element of its name, an
// item of a list an element `item`; a name that XML can't have becomes `<member name="…">`; null is an empty
// element with `null="true"`.

/**
 * What every XML 1.0 processor takes as a name, and no more: prefixes and the reserved `xml…` are left out.
 */
const NAME = /^(?!xml)[A-Za-z_][A-Za-z0-9_.-]*$/i;
/** What XML 1.0 can't hold, not even escaped. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const FORBIDDEN = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g;

/** @param root name of the outermost element */
export function renderXml(root: string, value: unknown): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element(root, value)}\n`;
}

function element(name: string, value: unknown): string {
  const isName = NAME.test(name);
  const tag = isName ? name : 'member';
  const open = isName ? tag : `member name="${escapeXml(name)}"`;
  if (value === null || value === undefined) return `<${open} null="true"/>`;
  return `<${open}>${contentOf(value)}</${tag}>`;
}

function contentOf(value: unknown): string {
  if (Array.isArray(value)) return value.map((item) => element('item', item)).join('');
  if (typeof value !== 'object' || value === null) return escapeXml(String(value));
  return Object.entries(value)
    .map(([name, member]) => element(name, member))
    .join('');
}

/** For text and attributes alike. Line breaks as references: a parser would otherwise change them. */
export function escapeXml(text: string): string {
  return text
    .toWellFormed()
    .replace(FORBIDDEN, '\uFFFD')
    .replace(/[&<>"'\r\n\t]/g, (character) => `&#${character.charCodeAt(0)};`);
}
