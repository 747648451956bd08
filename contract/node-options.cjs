// What of NODE_OPTIONS a function may have, and what it asks for. Node reads the variable at its own start,
// which is over when a function gets its process; so each option is done by the runtime
// (runtimes/node/node-variables.cjs), or refused when the variable is set
// (server/src/environment/variables.ts). Plain CommonJS without dependencies. Pure.
'use strict';

/** Options with a value: --name=value, or --name value. */
const REQUIRED = /** @type {const} */ ('require');
const IMPORTED = /** @type {const} */ ('import');
const WITH_MODULE = withoutPrototype({
  '--require': REQUIRED,
  '-r': REQUIRED,
  '--import': IMPORTED,
});
const WITH_TEXT = withoutPrototype({
  '--dns-result-order': /^(ipv4first|ipv6first|verbatim)$/,
  '--unhandled-rejections': /^(throw|strict)$/,
});
const PLAIN = [
  '--enable-source-maps',
  '--no-warnings',
  '--no-deprecation',
  '--trace-deprecation',
  '--throw-deprecation',
  '--trace-warnings',
  '--tls-min-v1.0',
  '--tls-min-v1.1',
  '--tls-min-v1.2',
  '--tls-min-v1.3',
  '--tls-max-v1.2',
  '--tls-max-v1.3',
  '--no-network-family-autoselection',
];
/** @type {[RegExp, string][]} */
const REASONS = [
  [
    /^--(max|initial|min)-(old|semi|heap).*|^--heap|^--max-heap/,
    'the heap follows the memory of the function',
  ],
  [/^--inspect|^--debug/, 'nothing can be attached to a sandbox'],
];

/**
 * @template T
 * @param {Record<string, T>} members
 * @returns {Record<string, T>} with none that every object has
 */
function withoutPrototype(members) {
  return Object.assign(Object.create(null), members);
}

/**
 * @typedef {object} NodeOptions
 * @property {{ how: 'require' | 'import', name: string }[]} modules  to be loaded before the function, in
 * order
 * @property {Record<string, string>} set   the other options, each with its value or ''
 * @property {string | null} problem        what can't be, as the end of a sentence; null: nothing
 */

/**
 * @param {string} text  of the variable
 * @returns {NodeOptions}
 */
function parseNodeOptions(text) {
  /** @type {NodeOptions} */
  const options = { modules: [], set: {}, problem: null };
  const words = wordsOf(text);
  for (let at = 0; at < words.length && options.problem === null; at++) {
    const word = words[at];
    const equals = word.startsWith('--') ? word.indexOf('=') : -1;
    const name = (equals === -1 ? word : word.slice(0, equals)).replaceAll('_', '-');
    const takesValue = name in WITH_MODULE || name in WITH_TEXT;
    const value = equals !== -1 ? word.slice(equals + 1) : takesValue ? words[++at] : '';
    take(options, name, value);
  }
  return options;
}

/**
 * @param {NodeOptions} options
 * @param {string} name
 * @param {string | undefined} value
 */
function take(options, name, value) {
  if (value === undefined) options.problem = `${name} without a value`;
  else if (name in WITH_MODULE) options.modules.push({ how: WITH_MODULE[name], name: value });
  else if (name in WITH_TEXT ? WITH_TEXT[name].test(value) : PLAIN.includes(name)) options.set[name] = value;
  else {
    const reason = REASONS.find(([pattern]) => pattern.test(name))?.[1];
    const shown = `${name}${value === '' ? '' : `=${value}`}`.slice(0, 100);
    options.problem = `${shown}: ${reason ?? 'it can only be given to Node at its start'}`;
  }
}

/**
 * As Node reads it: words between spaces; quotes hold a word together, a backslash in them the next
 * character.
 * @param {string} text
 * @returns {string[]}
 */
function wordsOf(text) {
  const words = [];
  let word = '';
  let isInside = false;
  let isQuoted = false;
  for (let at = 0; at < text.length; at++) {
    const letter = text[at];
    if (letter === '"') {
      isQuoted = !isQuoted;
      isInside = true;
    } else if (letter === ' ' && !isQuoted) {
      if (isInside) words.push(word);
      word = '';
      isInside = false;
    } else {
      word += letter === '\\' && isQuoted ? (text[++at] ?? '') : letter;
      isInside = true;
    }
  }
  if (isInside) words.push(word);
  return words;
}

module.exports = { parseNodeOptions };
