// A package registry for tests: speaks npm's protocol on the loopback, with tarballs made here, hostile ones
// too. Counts what it is asked for.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';

export type TestPackage = {
  name: string;
  version: string;
  dependencies?: Record<string, string>;
  /** `postinstall` and its like. */
  scripts?: Record<string, string>;
  /** Fields of package.json besides. */
  fields?: Record<string, unknown>;
  /** Path below the package -> text. */
  files?: Record<string, string>;
  /** Entries as they are, whatever their names. */
  rawEntries?: TarEntry[];
};

export type TarEntry = { path: string; content?: string; linkTo?: string };

export type Registry = {
  url: string;
  /** Paths of all requests so far. */
  requests: string[];
  /** How often a package's tarball was fetched. */
  downloads(name: string): number;
  publish(made: TestPackage): void;
  /** Answers nothing from now on until `resume`. */
  hold(): void;
  resume(): void;
  close(): Promise<void>;
};

type Published = { manifest: Record<string, unknown>; tarball: Buffer };

export async function openRegistry(packages: readonly TestPackage[]): Promise<Registry> {
  const published = new Map<string, Map<string, Published>>();
  const requests: string[] = [];
  let gate = Promise.resolve();
  let openGate = (): void => {};
  const server = createServer((request, response) => {
    const path = decodeURIComponent(request.url ?? '');
    requests.push(path);
    void gate.then(() => {
      const found = answerOf(published, url(), path);
      response.writeHead(found === null ? 404 : 200, { 'content-type': 'application/json' });
      response.end(found ?? '{"error":"not found"}');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const publish = (made: TestPackage): void => {
    const versions = published.get(made.name) ?? new Map<string, Published>();
    published.set(made.name, versions.set(made.version, pack(made)));
  };
  for (const one of packages) publish(one);
  return {
    ...{ url: url(), requests, publish },
    downloads: (name) => requests.filter((path) => path.startsWith(`/${name}/-/`)).length,
    hold: () => {
      gate = new Promise((resolve) => {
        openGate = resolve;
      });
    },
    resume: () => openGate(),
    close: async () => {
      openGate();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function answerOf(
  published: ReadonlyMap<string, Map<string, Published>>,
  url: string,
  path: string,
): Buffer | string | null {
  const [, name = '', version] = /^\/((?:@[^/]+\/)?[^/]+)(?:\/-\/.*-(\d[^/]*)\.tgz)?$/.exec(path) ?? [];
  const versions = published.get(name);
  if (versions === undefined) return null;
  if (version !== undefined) return versions.get(version)?.tarball ?? null;
  const manifests = [...versions].map(([number, { manifest, tarball }]) => {
    const dist = {
      tarball: `${url}/${name}/-/${name.split('/').at(-1)}-${number}.tgz`,
      integrity: `sha512-${createHash('sha512').update(tarball).digest('base64')}`,
      shasum: createHash('sha1').update(tarball).digest('hex'),
    };
    return [number, { ...manifest, dist }] as const;
  });
  const latest = manifests.at(-1)?.[0];
  return JSON.stringify({ name, 'dist-tags': { latest }, versions: Object.fromEntries(manifests) });
}

function pack({
  name,
  version,
  dependencies = {},
  scripts,
  fields,
  files = {},
  rawEntries = [],
}: TestPackage) {
  const manifest = {
    ...{ name, version, dependencies, main: 'index.js', ...fields },
    ...(scripts === undefined ? {} : { scripts, hasInstallScript: true }),
  };
  const entries: TarEntry[] = [
    { path: 'package/package.json', content: JSON.stringify(manifest) },
    ...Object.entries(files).map(([path, content]) => ({ path: `package/${path}`, content })),
    ...rawEntries,
  ];
  return { manifest, tarball: gzipSync(Buffer.concat([...entries.map(tarEntry), Buffer.alloc(1024)])) };
}

/** The ustar format: a header of 512 bytes, then the content padded to as many. */
function tarEntry({ path, content = '', linkTo }: TarEntry): Buffer {
  const data = Buffer.from(content);
  const header = Buffer.alloc(512);
  const octal = (value: number, at: number, length: number): number =>
    header.write(`${value.toString(8).padStart(length - 1, '0')}\0`, at);
  header.write(path, 0, 100);
  octal(0o644, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(data.length, 124, 12);
  octal(0, 136, 12);
  header.write('        ', 148);
  header.write(linkTo === undefined ? '0' : '2', 156);
  header.write(linkTo ?? '', 157, 100);
  header.write('ustar\x0000', 257);
  octal(
    header.reduce((sum, byte) => sum + byte, 0),
    148,
    7,
  );
  return Buffer.concat([header, data, Buffer.alloc((512 - (data.length % 512)) % 512)]);
}
