// Puts the packages that a function depends on on `global`, each under its name: CommonJS as `require` gives
// it, packages that can only be imported as their default export with the other exports on it. A package that
// can't be loaded says so when it is used. Called by the convention that has no `require`.
'use strict';

const Module = require('node:module');
const path = require('node:path');
const { namedDependencies, readJson, withoutEndings } = require('./packages.cjs');

/** Packages that are begun later than this are loaded when they are used: loading has a time limit. */
const ENOUGH_MS = 5000;
/** What `require` says of a package, or of a part of it, that can only be imported. */
const IMPORT_ONLY = ['ERR_REQUIRE_ESM', 'ERR_PACKAGE_PATH_NOT_EXPORTED', 'ERR_REQUIRE_ASYNC_MODULE'];

/**
 * @param {import('../../contract/frames.cjs').StartPayload} start
 * @returns {Promise<Record<string, string>>} name and version of each
 */
async function installPackages({ taskRoot, packages, aliases }) {
  const names = packageNames(taskRoot, packages);
  const requireFromTask = Module.createRequire(path.join(taskRoot, 'package.json'));
  const endAt = Date.now() + ENOUGH_MS;
  await withoutEndings(async () => {
    for (const name of names) {
      if (name in globalThis) continue; // Node's own stays what it is
      if (Date.now() > endAt) putLazily(name, () => requireFromTask(name));
      else await putOne(name, requireFromTask, taskRoot);
    }
  });
  putAliases(names, aliases ?? {});
  return Object.fromEntries(
    names.map((name) => [name, packages?.[name] ?? installedVersion(taskRoot, name)]),
  );
}

/**
 * Who may ask for a package by a second name also finds it by that.
 * @param {string[]} names
 * @param {Readonly<Record<string, string>>} aliases
 */
function putAliases(names, aliases) {
  for (const alias of Object.keys(aliases)) {
    const name = aliases[alias];
    if (names.includes(name) && !(alias in globalThis)) {
      const get = () => /** @type {any} */ (globalThis)[name];
      const set = (/** @type {unknown} */ value) => put(alias, value);
      Object.defineProperty(globalThis, alias, { get, set, configurable: true });
    }
  }
}

/**
 * @param {string} taskRoot
 * @param {Record<string, string> | undefined} packages
 * @returns {string[]}
 */
function packageNames(taskRoot, packages) {
  const named = namedDependencies(path.join(taskRoot, 'package.json')) ?? [];
  return [...new Set([...named, ...Object.keys(packages ?? {})])];
}

/**
 * @param {string} name
 * @param {NodeRequire} requireFromTask
 * @param {string} taskRoot
 */
async function putOne(name, requireFromTask, taskRoot) {
  try {
    put(name, await loadPackage(name, requireFromTask, taskRoot));
  } catch (error) {
    putLazily(name, () => {
      const reason = /** @type {any} */ (error)?.message ?? error;
      throw new Error(`the package ${name} can't be loaded: ${reason}`, { cause: error });
    });
  }
}

/**
 * @param {string} name
 * @param {NodeRequire} requireFromTask
 * @param {string} taskRoot
 */
async function loadPackage(name, requireFromTask, taskRoot) {
  try {
    return asOneObject(requireFromTask(name));
  } catch (error) {
    if (!IMPORT_ONLY.includes(/** @type {any} */ (error)?.code)) throw error;
    return asOneObject(await within(ENOUGH_MS, importerIn(taskRoot)(name)));
  }
}

/**
 * @template T
 * @param {number} boundMs
 * @param {Promise<T>} loading
 * @returns {Promise<T>}
 */
function within(boundMs, loading) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('it never finished loading')), boundMs);
    loading.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/**
 * `import` resolves from the file in which it is written: this one lies, as far as Node is concerned, beside
 * the user's code.
 * @param {string} taskRoot
 * @returns {(name: string) => Promise<unknown>}
 */
function importerIn(taskRoot) {
  const file = path.join(taskRoot, 'packages.cjs');
  const module = /** @type {any} */ (new Module(file));
  module._compile('exports.load = (name) => import(name);', file);
  return module.exports.load;
}

/**
 * A namespace becomes its default export, with the named ones on it where they aren't there: callable where
 * the package is, and `global['x'].named` as well as `global['x'].default` work.
 * @param {any} loaded
 */
function asOneObject(loaded) {
  if (!isNamespace(loaded) || !('default' in loaded)) return loaded;
  const main = loaded.default;
  const takesMembers = (typeof main === 'object' && main !== null) || typeof main === 'function';
  if (!takesMembers || !Object.isExtensible(main)) return loaded;
  for (const name of Object.keys(loaded)) {
    if (name in main) continue;
    Object.defineProperty(main, name, { configurable: true, get: () => loaded[name] });
  }
  return main;
}

/** @param {any} loaded */
function isNamespace(loaded) {
  return loaded !== null && typeof loaded === 'object' && loaded[Symbol.toStringTag] === 'Module';
}

/**
 * @param {string} name
 * @param {unknown} value
 */
function put(name, value) {
  Object.defineProperty(globalThis, name, { value, configurable: true, enumerable: true, writable: true });
}

/**
 * @param {string} name
 * @param {() => unknown} load  called when the package is used, or throws why it can't be
 */
function putLazily(name, load) {
  const get = () => {
    const value = asOneObject(load());
    put(name, value);
    return value;
  };
  const set = (/** @type {unknown} */ value) => put(name, value);
  Object.defineProperty(globalThis, name, { get, set, configurable: true, enumerable: true });
}

/**
 * @param {string} taskRoot
 * @param {string} name
 */
function installedVersion(taskRoot, name) {
  try {
    const file = path.join(taskRoot, 'node_modules', name, 'package.json');
    return String(readJson(file).version);
  } catch {
    return ''; // it isn't there, which using it will say
  }
}

module.exports = { installPackages };
