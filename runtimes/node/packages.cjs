// Loads the packages that a function depends on, ahead of its own code. What goes wrong here is nobody's
// error: the function's own `require` meets it again, in a run. Called by template.cjs.
'use strict';

const fs = require('node:fs');
const { createRequire } = require('node:module');
const path = require('node:path');

const MOST_PACKAGES = 200;
/** No further package is begun after this. */
const ENOUGH_MS = 5000;

/**
 * @param {string} taskRoot
 * @param {Record<string, string>} [packages]  of START: those that were built apart from the code
 * @returns {string[]} these, and what package.json names as dependencies; without one, the folders of
 * node_modules
 */
function packageNames(taskRoot, packages = {}) {
  const named = namedDependencies(path.join(taskRoot, 'package.json'));
  const inCode = named ?? installedPackages(path.join(taskRoot, 'node_modules'));
  return [...new Set([...Object.keys(packages), ...inCode])].slice(0, MOST_PACKAGES);
}

/**
 * @param {string} file
 * @returns {string[] | null} null when there is no such file, or it says nothing
 */
function namedDependencies(file) {
  try {
    const { dependencies } = readJson(file);
    return dependencies === null || typeof dependencies !== 'object' ? null : Object.keys(dependencies);
  } catch {
    return null; // no package.json, or none that can be read: Node itself goes on without it
  }
}

/**
 * @param {string} file  as npm and Node read it: without the byte order mark that some editors write
 * @returns {any}
 */
function readJson(file) {
  return JSON.parse(fs.readFileSync(file, 'utf8').replace(/^\uFEFF/, ''));
}

/** @param {string} folder */
function installedPackages(folder) {
  const names = foldersOf(folder).filter((name) => !name.startsWith('.'));
  return names.flatMap((name) =>
    name.startsWith('@') ? foldersOf(path.join(folder, name)).map((inner) => `${name}/${inner}`) : [name],
  );
}

/** @param {string} folder */
function foldersOf(folder) {
  try {
    return fs.readdirSync(folder);
  } catch {
    return []; // no such folder
  }
}

/**
 * What others depend on comes before them: Node remembers where it has found a package for whom it has loaded
 * it first, and has to look for some of them again when it is asked by other code.
 * @param {string} taskRoot
 * @param {string[]} names
 * @returns {string[]}
 */
function dependenciesFirst(taskRoot, names) {
  const wanted = new Set(names);
  /** @type {Set<string>} */
  const met = new Set();
  /** @type {string[]} */
  const ordered = [];
  const visit = (/** @type {string} */ name) => {
    if (met.has(name)) return;
    met.add(name);
    const needed = namedDependencies(path.join(taskRoot, 'node_modules', name, 'package.json')) ?? [];
    for (const other of needed) if (wanted.has(other)) visit(other);
    ordered.push(name);
  };
  for (const name of names) visit(name);
  return ordered;
}

/**
 * @param {string} taskRoot
 * @param {string[]} names
 * @returns {Promise<void>}
 */
function loadPackages(taskRoot, names) {
  const requireFromTask = createRequire(path.join(taskRoot, 'package.json'));
  const endAt = Date.now() + ENOUGH_MS;
  return withoutEndings(async () => {
    for (const name of dependenciesFirst(taskRoot, names)) {
      if (Date.now() > endAt) break;
      try {
        requireFromTask(name);
      } catch {
        // See above: Node has taken what failed to load out of its cache again.
      }
    }
  });
}

/**
 * Finds them and loads nothing.
 * @param {string} taskRoot
 * @param {string[]} names
 */
function findPackages(taskRoot, names) {
  const requireFromTask = createRequire(path.join(taskRoot, 'package.json'));
  for (const name of names) {
    try {
      requireFromTask.resolve(name);
    } catch {
      // The function's own `require` says so.
    }
  }
}

/**
 * What is loaded meanwhile can neither end the process nor print a warning of Node's.
 * @param {() => Promise<void>} load
 */
async function withoutEndings(load) {
  const restore = [
    replace('emitWarning', () => {}),
    replace('exit', () => {
      throw new Error('a package can’t end the process that it is loaded in');
    }),
  ];
  try {
    await load();
  } finally {
    for (const put of restore) put();
  }
}

/**
 * @param {'emitWarning' | 'exit'} name
 * @param {any} value
 */
function replace(name, value) {
  const original = process[name];
  process[name] = value;
  return () => {
    process[name] = /** @type {any} */ (original);
  };
}

module.exports = { packageNames, readJson, namedDependencies, findPackages, loadPackages, withoutEndings };
