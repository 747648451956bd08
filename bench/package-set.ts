// The five packages of the fork measurements, installed once below build/, and a function that needs all of
// them.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { zipFolder } from '../server/test/promises/customer.ts';

const PACKAGES = ['request@2', 'lodash@4', 'axios@1', 'moment-timezone@0.6', '@slack/web-api@7'];
const FOLDER = path.resolve(import.meta.dirname, '../build/packages');

export const CODE = `const all = [require('request'), require('lodash'), require('axios'), require('moment-timezone'), require('@slack/web-api')];
exports.handler = async () => ({ statusCode: 200, body: '{"ok":true}', loaded: all.length });
`;

/** Folder with node_modules and index.js. */
export function installPackageSet(): string {
  if (!existsSync(path.join(FOLDER, 'node_modules/@slack/web-api'))) {
    console.log(`installing ${PACKAGES.join(', ')} for the measurements (once)`);
    mkdirSync(FOLDER, { recursive: true });
    writeFileSync(path.join(FOLDER, 'package.json'), '{"private":true}');
    const flags = ['--no-audit', '--no-fund', '--loglevel=error', '--ignore-scripts'];
    execFileSync('npm', ['install', ...flags, ...PACKAGES], {
      cwd: FOLDER,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  }
  writeFileSync(path.join(FOLDER, 'index.js'), CODE);
  return FOLDER;
}

export function packedPackageSet(): Buffer {
  const copy = mkdtempSync(path.join(tmpdir(), 'millrace-bench-'));
  cpSync(installPackageSet(), copy, { recursive: true });
  const zip = zipFolder(copy);
  rmSync(copy, { recursive: true });
  return zip;
}
