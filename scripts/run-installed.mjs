// `npm run doctor` and `npm run token`: runs launcher/main.ts in the role that is named, with what is
// installed already. Installs and changes nothing itself. Runs on any Node >= 18.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { runInForeground } from './foreground.mjs';
import { findNode, orExplain, ROOT, serverEnvironment } from './install.mjs';

await orExplain(async () => {
  if (!existsSync(path.join(ROOT, 'node_modules/pino'))) {
    console.error(
      "millrace: Millrace's packages are not installed: run `npm install` (or `npm start`) first",
    );
    process.exitCode = 1;
    return;
  }
  const main = path.join(ROOT, 'launcher/main.ts');
  process.exitCode = await runInForeground(findNode(), [main, ...process.argv.slice(2)], serverEnvironment());
});
