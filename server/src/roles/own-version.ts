// Which version of Millrace this is: what package.json says. Called by what tells it to operators.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { homeDir } from '../../../contract/paths.ts';

export function ownVersion(): string {
  const { version } = JSON.parse(readFileSync(path.join(homeDir(), 'package.json'), 'utf8')) as {
    version: string;
  };
  return version;
}
