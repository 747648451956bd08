// Refuses an upload that holds a project of Java or C# and nothing that was built of it: its every run would
// fail. Looks at names only; that what was built also loads is found out by the runtime. Called by whatever
// takes in code.
import type { Language } from '../../../contract/engine-name.ts';
import { findRuntime } from '../engines/runtime-codes.ts';
import { fail } from '../errors/failure.ts';

type Project = { file: RegExp; upload: string };
type Rules = {
  projects: readonly Project[];
  /** What runs, where it lies where the runtime looks for it. */
  isBuilt(path: string): boolean;
};

/** What build tools leave beside sources: jars of their own, and results that no runtime looks for there. */
const JAVA_BESIDES = /(^|\/)(\.mvn|gradle\/wrapper|target|build\/(classes|libs))\//;

const RULES: Partial<Record<Language, Rules>> = {
  java: {
    projects: [
      { file: /(^|\/)pom\.xml$/, upload: 'the jar that `mvn package` makes' },
      { file: /(^|\/)build\.gradle(\.kts)?$/, upload: 'the jar that `gradle shadowJar` makes' },
    ],
    isBuilt: (path) => /\.(class|jar)$/.test(path) && !JAVA_BESIDES.test(path),
  },
  dotnet: {
    projects: [
      { file: /\.(cs|fs|vb)proj$/, upload: 'the files that `dotnet publish -c Release` makes, as a zip' },
    ],
    isBuilt: (path) => /^[^/]+\.dll$/i.test(path),
  },
};

/**
 * @param paths  of the files in the zip
 * @throws Failure `invalid_input` saying what to upload
 */
export function requireBuilt(runtime: string, paths: readonly string[]): void {
  const found = findRuntime(runtime);
  const rules = found === null || found === 'other_language' ? undefined : RULES[found.language];
  if (rules === undefined || paths.some(rules.isBuilt)) return;
  for (const { file, upload } of rules.projects) {
    const project = paths.find((path) => file.test(path));
    if (project === undefined) continue;
    fail('invalid_input', {
      message: `The zip holds the sources of ${shown(project)}, which are not built here: upload ${upload}.`,
      field: 'file',
    });
  }
}

function shown(path: string): string {
  return path.length > 200 ? `${path.slice(0, 200)}...` : path;
}
