// Makes the program of `cli/src`: one file of plain JavaScript, for the Node 20 or newer that people have.
// Called by scripts/pack.ts and by tests.
import path from 'node:path';
import { build } from 'esbuild';

const SOURCES = path.resolve(import.meta.dirname, 'src');

/** @param outfile is written, and what is needed of folders made @returns the files that it is made of */
export async function buildBundle(outfile: string): Promise<string[]> {
  const { metafile } = await build({
    entryPoints: [path.join(SOURCES, 'main.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    minify: true,
    legalComments: 'none',
    logLevel: 'warning',
    metafile: true,
    // Packages of CommonJS ask for Node's modules by `require`.
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  });
  return Object.keys(metafile.inputs);
}
