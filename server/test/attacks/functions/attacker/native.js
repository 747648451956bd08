// Runs the static program that came in the zip, from a place where it may be executed.
'use strict';

const { spawn, spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

function program() {
  const copy = path.join(process.env.PROBE_FOLDER ?? '/tmp', 'probe');
  if (!fs.existsSync(copy)) {
    fs.copyFileSync(path.join(__dirname, 'probe'), copy);
    fs.chmodSync(copy, 0o755);
  }
  return copy;
}

/** Runs it to its end; what it printed. */
exports.native = (...words) => {
  const done = spawnSync(program(), words.map(String), { encoding: 'utf8', maxBuffer: 1 << 26 });
  if (done.error) throw done.error;
  return done.stdout;
};

/** Leaves it running. */
exports.leave = (...words) => spawn(program(), words.map(String), { stdio: 'ignore' });
