// Compares server/sql/schema.sql with what the migrations really make of an empty PostgreSQL. With `--write`
// it rewrites the file instead (`npm run schema`). Called by check.mjs.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { openTestDatabase } from '../server/test/database/open-test-database.ts';
import { finish } from './problem.ts';
import { dumpSchema } from './schema-dump.ts';

const FILE = 'server/sql/schema.sql';
const place = path.resolve(import.meta.dirname, '..', FILE);

const database = await openTestDatabase();
const made = await dumpSchema(database);
await database.close();

if (process.argv.includes('--write')) {
  writeFileSync(place, made);
  console.log(`${FILE} written`);
} else {
  const kept = existsSync(place) ? readFileSync(place, 'utf8') : '';
  const line = firstDifference(kept, made);
  finish(
    line === null
      ? []
      : [
          {
            path: FILE,
            line,
            text: 'differs from what the migrations make: run `npm run schema` and look at the change',
          },
        ],
  );
}

function firstDifference(kept: string, made: string): number | null {
  if (kept === made) return null;
  const [keptLines, madeLines] = [kept.split('\n'), made.split('\n')];
  const index = madeLines.findIndex((line, at) => line !== keptLines[at]);
  return (index === -1 ? madeLines.length : index) + 1;
}
