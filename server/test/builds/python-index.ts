// An index of Python's packages for tests: PEP 503 on the loopback, with wheels made here. Counts what it is
// asked for.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { packZip } from '../../src/versions/pack-zip.ts';

export type TestWheel = {
  name: string;
  version: string;
  /** Path below the packages' folder -> text. */
  files: Record<string, string>;
  /** Usually any: `py3-none-any`. */
  tag?: string;
  requires?: string[];
};

export type PythonIndex = {
  url: string;
  /** How often a package's wheel was fetched. */
  downloads(name: string): number;
  /** Of the only wheel of that name. */
  sha256(name: string): string;
  close(): Promise<void>;
};

export async function openPythonIndex(wheels: readonly TestWheel[]): Promise<PythonIndex> {
  const made = new Map<string, { name: string; bytes: Buffer }>();
  for (const wheel of wheels) {
    const { file, bytes } = await makeWheel(wheel);
    made.set(file, { name: wheel.name, bytes });
  }
  const requests: string[] = [];
  const server = createServer((request, response) => {
    const path = decodeURIComponent(request.url ?? '');
    requests.push(path);
    const file = made.get(path.replace('/files/', ''));
    const project = /^\/simple\/([^/]+)\/$/.exec(path)?.[1];
    const links = [...made].filter(([, { name }]) => name === project);
    if (file !== undefined) response.end(file.bytes);
    else if (links.length > 0) {
      const anchors = links.map(
        ([name, { bytes }]) => `<a href="/files/${name}#sha256=${sha256Of(bytes)}">${name}</a>`,
      );
      response.writeHead(200, { 'content-type': 'text/html' }).end(anchors.join('\n'));
    } else response.writeHead(404).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/simple`,
    downloads: (name) => requests.filter((path) => path.startsWith(`/files/${name}-`)).length,
    sha256: (name) => sha256Of([...made.values()].find((one) => one.name === name)?.bytes ?? Buffer.alloc(0)),
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

function sha256Of(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

async function makeWheel({ name, version, files, tag = 'py3-none-any', requires = [] }: TestWheel) {
  const info = `${name}-${version}.dist-info`;
  const needs = requires.map((one) => `Requires-Dist: ${one}\n`).join('');
  const all: Record<string, string> = {
    ...files,
    [`${info}/METADATA`]: `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n${needs}`,
    [`${info}/WHEEL`]: `Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: ${tag}\n`,
  };
  all[`${info}/RECORD`] = `${[...Object.keys(all), `${info}/RECORD`].map((one) => `${one},,`).join('\n')}\n`;
  const entries = Object.entries(all).map(([path, text]) => ({ name: path, content: Buffer.from(text) }));
  return { file: `${name}-${version}-${tag}.whl`, bytes: Buffer.from(await packZip(entries)) };
}
