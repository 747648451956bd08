// Whether a printed answer is the one that a page shows. Pure. Called by docs-run.test.ts.
//
// A page shows an answer as JSON, as text, or as HTTP's head and JSON. `…` in a text stands for anything; `…`
// as the last member of an object, or item of a list, stands for the others. Ids, times and measured numbers
// are compared by what they are, everything else by its value.

/** @returns what differs, in words; nothing where the answer fits */
export function answerProblems(shown: { language: string; text: string }, printed: string): string[] {
  if (shown.language === 'json') return jsonProblems(shown.text, printed);
  if (shown.language === 'http') return httpProblems(shown.text, printed);
  const fits = pattern(shown.text.trim()).test(printed.trim());
  return fits ? [] : [`shown: ${shown.text.trim()}\nprinted: ${printed.trim()}`];
}

function jsonProblems(shown: string, printed: string): string[] {
  const parsed = parseOrNull(printed);
  return parsed === null
    ? [`not JSON: ${printed.trim().slice(0, 2_000)}`]
    : differences(JSON.parse(spellOut(shown)), parsed.value, '');
}

/** The head may have lines that the page leaves out. */
function httpProblems(shown: string, printed: string): string[] {
  const [shownHead = '', shownBody = ''] = shown.split('\n\n');
  const [head = '', body = ''] = printed.replaceAll('\r', '').split('\n\n');
  const lines = head.split('\n');
  const missing = shownHead
    .trim()
    .split('\n')
    .filter((line) => !lines.some((other) => pattern(line).test(other)))
    .map((line) => `no line ${line} in:\n${head}`);
  return shownBody.trim() === '' ? missing : [...missing, ...jsonProblems(shownBody, body)];
}

function parseOrNull(text: string): { value: unknown } | null {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return null;
  }
}

const OTHERS = '…';

/** Turns the `…` that stands for other members or items into one of them. */
function spellOut(shown: string): string {
  return shown
    .replace(/([,{])\s*…\s*\}/g, (_, before: string) => `${before}"…":true}`)
    .replace(/([,[])\s*…\s*\]/g, (_, before: string) => `${before}"…"]`);
}

function differences(shown: unknown, real: unknown, at: string): string[] {
  if (Array.isArray(shown)) return listDifferences(shown, real, at);
  if (typeof shown === 'object' && shown !== null) return objectDifferences(shown, real, at);
  return isAlike(shown, real, at.split('.').at(-1) ?? '')
    ? []
    : [`${at}: shown ${JSON.stringify(shown)}, printed ${JSON.stringify(real)}`];
}

function listDifferences(shown: unknown[], real: unknown, at: string): string[] {
  if (!Array.isArray(real)) return [`${at}: shown a list, printed ${JSON.stringify(real)}`];
  const isOpen = shown.at(-1) === OTHERS;
  const items = isOpen ? shown.slice(0, -1) : shown;
  if (real.length < items.length || (!isOpen && real.length > items.length)) {
    return [`${at}: shown ${items.length} items, printed ${real.length}`];
  }
  return items.flatMap((item, index) => differences(item, real[index], `${at}.${index}`));
}

function objectDifferences(shown: object, real: unknown, at: string): string[] {
  if (typeof real !== 'object' || real === null || Array.isArray(real)) {
    return [`${at}: shown an object, printed ${JSON.stringify(real)}`];
  }
  const members = Object.entries(shown).filter(([name]) => name !== OTHERS);
  const extra = OTHERS in shown ? [] : Object.keys(real).filter((name) => !(name in shown));
  return [
    ...extra.map((name) => `${at}.${name}: printed, not shown`),
    ...members.flatMap(([name, value]) =>
      name in real
        ? differences(value, (real as Record<string, unknown>)[name], `${at}.${name}`)
        : [`${at}.${name}: shown, not printed`],
    ),
  ];
}

const MEASURED = /^(.*_)?(ms|bytes|unix|ip|number)$/;
const NAMED_FOR_ONE = /^(.*_)?(id|ids|run|reference|replay_of)$/;

function isAlike(shown: unknown, real: unknown, name: string): boolean {
  if (typeof shown !== typeof real) return false;
  if (typeof shown === 'string' && typeof real === 'string') {
    const isOne = NAMED_FOR_ONE.test(name) || (formOf(shown) !== null && formOf(shown) === formOf(real));
    return isOne || pattern(shown).test(real);
  }
  return shown === real || (typeof shown === 'number' && MEASURED.test(name));
}

const FORMS = {
  time: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/,
  uuid: /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/,
  engine: /^(node )?v\d+\.\d+\.\d+$/,
};

function formOf(text: string): string | null {
  return Object.entries(FORMS).find(([, form]) => form.test(text))?.[0] ?? null;
}

/** Text of a page as a pattern: ids in addresses and versions of Node are any of their kind. */
function pattern(shown: string): RegExp {
  const quoted = shown.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${quoted.replaceAll('…', '[\\s\\S]*?')}$`);
}
