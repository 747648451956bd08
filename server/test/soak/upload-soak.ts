// The uploader and the callers of upload-soak.test.ts and cli-upload-soak.test.ts; a short form is among the
// promises.

import { Site } from '../promises/site.ts';
import type { Millrace } from '../promises/start-millrace.ts';

const CALLERS = 3;
const MOST_FAULTS = 20;
const PATIENCE_MS = 60_000;
export const FOLDER = 'theme/soak.functions';

/** Brings the files of a version, by their names in the folder, to where the endpoint is made of them. */
export type Uploader = (files: Readonly<Record<string, string>>) => Promise<unknown>;
export type SoakOptions = {
  seconds: number;
  sleep(ms: number): Promise<unknown>;
  /** By requests as the CLI sends them, where nothing is said. */
  upload?: Uploader;
};
export type Soaked = {
  calls: number;
  uploads: number;
  /** Different ones that callers saw. */
  versions: number;
  /** In words; none is what is hoped for. */
  faults: string[];
};

/** What an endpoint answers: the version that each of its parts is of. */
type Parts = { main: number; inner: number; environment: number };

function filesOf(version: number): Record<string, string> {
  return {
    'main.js': `const { inner } = require('./lib/inner');
      exports.main = (context, sendResponse) => sendResponse({ statusCode: 200, body: {
        main: ${version}, inner, environment: Number(process.env.VERSION) } });`,
    'lib/inner.js': `exports.inner = ${version};`,
    'serverless.json': JSON.stringify({
      runtime: 'nodejs20.x',
      version: '1.0',
      environment: { VERSION: String(version) },
      endpoints: { soak: { file: 'main.js' } },
    }),
  };
}

/** As the CLI: all files of a folder at once. */
function byRequests(site: Site): Uploader {
  return (files) =>
    Promise.all(Object.entries(files).map(([name, text]) => site.uploadFile(`${FOLDER}/${name}`, text)));
}

export async function soakUploads(millrace: Millrace, options: SoakOptions): Promise<Soaked> {
  const { seconds, sleep } = options;
  const site = new Site(millrace);
  const upload = options.upload ?? byRequests(site);
  await upload(filesOf(1));
  await site.live(['soak']);
  const seen = { calls: 0, uploads: 1, faults: [] as string[] };
  const versions = new Set<number>();
  const endAt = Date.now() + seconds * 1000;
  // A machine that has much to do takes its time until the second version is live.
  const isEnough = (): boolean => versions.size > 1 || Date.now() >= endAt + PATIENCE_MS;
  const isOver = (): boolean => (Date.now() >= endAt && isEnough()) || seen.faults.length >= MOST_FAULTS;

  async function call(): Promise<void> {
    let latest = 0;
    while (!isOver()) {
      const answer = await site.call('soak');
      const text = await answer.text();
      seen.calls += 1;
      const fault =
        answer.status === 200 ? faultOf(JSON.parse(text) as Parts, latest) : `${answer.status} ${text}`;
      if (fault !== null) seen.faults.push(fault);
      if (answer.status === 200) latest = (JSON.parse(text) as Parts).main;
      versions.add(latest);
    }
  }
  async function keepUploading(): Promise<void> {
    for (let version = 2; !isOver(); version += 1) {
      const nextAt = Date.now() + 1000;
      await upload(filesOf(version));
      seen.uploads += 1;
      await sleep(Math.max(0, nextAt - Date.now()));
    }
  }
  await Promise.all([keepUploading(), ...Array.from({ length: CALLERS }, call)]);
  return { ...seen, versions: versions.size };
}

function faultOf(parts: Parts, latest: number): string | null {
  const { main, inner, environment } = parts;
  if (main !== inner || main !== environment) return `mixed: ${JSON.stringify(parts)}`;
  return main < latest ? `thrown back from ${latest} to ${main}` : null;
}
