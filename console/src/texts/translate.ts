// Texts by keys, in the language of the reader: en.json has every key, another language is one file beside
// it. `{name}` in a text is replaced; a key with `count` has the forms `_one` and `_other`. Called by
// everything that shows words.
import en from './en.json' with { type: 'json' };

export type TextKey = StripForm<keyof typeof en>;
type StripForm<K> = K extends `${infer Stem}_one` ? Stem : K extends `${infer Stem}_other` ? Stem : K;
type Values = Readonly<Record<string, string | number>>;

const LANGUAGES = ['en', 'de'] as const;
export type Language = (typeof LANGUAGES)[number];
const KEPT = 'millrace.language';

let texts: Readonly<Record<string, string>> = en;
let language: Language = 'en';
let plurals = new Intl.PluralRules('en');

/** Takes the language that was chosen here, or the browser's. Before anything is shown. */
export async function loadTexts(): Promise<void> {
  language = chosenLanguage();
  if (language === 'de') texts = { ...en, ...(await import('./de.json')).default };
  plurals = new Intl.PluralRules(language);
  document.documentElement.lang = language;
}

export function chooseLanguage(chosen: Language): void {
  localStorage.setItem(KEPT, chosen);
  location.reload();
}

export function currentLanguage(): Language {
  return language;
}

/** For dates and numbers: the browser's region, in the language of the texts. */
export function currentLocale(): string {
  return navigator.languages.find((one) => one.startsWith(language)) ?? language;
}

export function t(key: TextKey, values: Values = {}): string {
  const form = typeof values.count === 'number' ? `${key}_${plurals.select(values.count)}` : key;
  const text = texts[form] ?? texts[`${key}_other`] ?? texts[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => shown(values[name]) ?? whole);
}

function shown(value: string | number | undefined): string | undefined {
  return typeof value === 'number' ? new Intl.NumberFormat(currentLocale()).format(value) : value;
}

function chosenLanguage(): Language {
  const asked = [localStorage.getItem(KEPT) ?? '', ...navigator.languages];
  const found = asked.map((one) => LANGUAGES.find((known) => one.startsWith(known)));
  return found.find((one) => one !== undefined) ?? 'en';
}
