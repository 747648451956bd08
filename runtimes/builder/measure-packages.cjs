// Says which packages take how much, and that they take too much, in words for the person who asked for them.
// Never follows a link. Called by build.cjs, also while npm is still at work: files come and go below it.
'use strict';

const fs = require('node:fs');
const path = require('node:path');

/** How many of the largest are named. */
const NAMED = 5;
const MIB = 1024 * 1024;

/**
 * @param {string} folder  a node_modules
 * @returns {{ bytes: number, sizes: Map<string, number> }} by package, those inside of others apart
 */
function measurePackages(folder) {
  /** @type {Map<string, number>} */
  const sizes = new Map();
  let bytes = 0;
  /** @type {{ place: string, owner: string }[]} */
  const left = [{ place: folder, owner: '' }];
  for (let one = left.pop(); one !== undefined; one = left.pop()) {
    for (const name of namesIn(one.place)) {
      const place = path.join(one.place, name);
      const found = fs.lstatSync(place, { throwIfNoEntry: false });
      if (found === undefined) continue;
      if (found.isDirectory()) left.push({ place, owner: packageAt(place) ?? one.owner });
      else {
        bytes += found.size;
        sizes.set(one.owner, (sizes.get(one.owner) ?? 0) + found.size);
      }
    }
  }
  return { bytes, sizes };
}

/** @param {string} place */
function namesIn(place) {
  try {
    return fs.readdirSync(place);
  } catch {
    return [];
  }
}

/** @param {string} place  @returns the name of the package whose folder it is */
function packageAt(place) {
  return /[\\/]node_modules[\\/]((@[^\\/]+[\\/])?[^\\/@.][^\\/]*)$/.exec(place)?.[1] ?? null;
}

/**
 * @param {number} limitBytes
 * @param {Map<string, number>} sizes
 */
function tooLarge(limitBytes, sizes) {
  const largest = [...sizes].filter(([name]) => name !== '').sort(([, a], [, b]) => b - a);
  const named = largest.slice(0, NAMED).map(([name, bytes]) => `${name} ${megabytes(bytes)}`);
  const tail = named.length === 0 ? '' : `: the largest are ${named.join(', ')}`;
  return `the packages take more than ${megabytes(limitBytes)} (MILLRACE_LAYER_BYTES)${tail}`;
}

/** @param {number} bytes */
function megabytes(bytes) {
  return `${Number((bytes / MIB).toFixed(1))} MB`;
}

module.exports = { measurePackages, tooLarge };
