// Where the console's pages and the manual's are, and how far their build is: both are made by `npm start`,
// beside the server (scripts/build-console.mjs). Called by open-public-port.ts.
import path from 'node:path';
import { homeDir } from '../../../contract/paths.ts';
import { systemClock } from '../clock/clock.ts';
import type { Config } from '../config/config.ts';
import { type AnswerPage, createPageAnswers } from '../console/answer-page.ts';
import { watchBuiltPages } from '../console/built-pages.ts';
import { readBuildState } from '../console/waiting-page.ts';

export function openConsolePages({
  consoleUrl,
  portalOrigins,
}: Pick<Config, 'consoleUrl' | 'portalOrigins'>): AnswerPage {
  const home = homeDir();
  return createPageAnswers({
    ...{ consoleUrl, portalOrigins },
    pages: watchBuiltPages(path.join(home, 'console/dist'), systemClock),
    manual: watchBuiltPages(path.join(home, 'build/docs'), systemClock),
    buildState: () => readBuildState(path.join(home, 'build/console.json')),
  });
}
