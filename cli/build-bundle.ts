// Makes the program of `cli/src`: one file of plain JavaScript, for the Node 20 or newer that people have.
// Called by scripts/pack.ts and by tests.
import path from 'node:path';
import { build } from 'esbuild';

const SOURCES = path.resolve(import.meta.dirname, 'src');

/** @param outfile is written, and what is needed of folders made */
export async function buildBundle(outfile: string): Promise<void> {
  await build({
    entryPoints: [path.join(SOURCES, 'main.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    minify: true,
    legalComments: 'none',
    logLevel: 'warning',
    // Packages of CommonJS ask for Node's modules by `require`.
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  });
}
