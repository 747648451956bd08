// The settings of the packages that functions may have installed. Pure; part of config.ts, which reports all
// problems at once.
import type { SettingReader } from './setting-reader.ts';

const NPM_NAME = /^(@[\w.~-]+\/)?[\w.~-]+$/;
const PYTHON_NAME = /^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$/;
/** Before the names of Python's packages. */
const PYTHON = 'pypi:';

export type PackageSettings = {
  /** Where packages come from; no trailing slash. MILLRACE_NPM_REGISTRY */
  npmRegistry: string;
  /** Where Python's packages come from, a simple index; no trailing slash. MILLRACE_PYPI_INDEX */
  pypiIndex: string;
  /**
   * Names of the packages that functions may have; null: what the dialect allows; `*`: all. MILLRACE_PACKAGES
   */
  packages: string[] | '*' | null;
  /** Names of the packages of Python that functions may ask for: those with `pypi:` before them. */
  pythonPackages: string[] | '*';
  /** Names of the packages whose install scripts are run. MILLRACE_BUILD_SCRIPTS */
  buildScripts: string[];
};

export const PACKAGE_SETTING_NAMES = [
  'MILLRACE_NPM_REGISTRY',
  'MILLRACE_PYPI_INDEX',
  'MILLRACE_PACKAGES',
  'MILLRACE_BUILD_SCRIPTS',
] as const;

export function parsePackageSettings({ text, list }: SettingReader, problems: string[]): PackageSettings {
  const sourceOf = (name: string, usual: string) => parseRegistry(name, text(name) ?? usual, problems);
  const npmRegistry = sourceOf('MILLRACE_NPM_REGISTRY', 'https://registry.npmjs.org');
  const pypiIndex = sourceOf('MILLRACE_PYPI_INDEX', 'https://pypi.org/simple');
  const names = list('MILLRACE_PACKAGES');
  const allowsAll = names.length === 0 || text('MILLRACE_PACKAGES') === '*';
  const ofPython = names.filter((name) => name.startsWith(PYTHON)).map((name) => name.slice(PYTHON.length));
  const ofNpm = names.filter((name) => !name.startsWith(PYTHON));
  const buildScripts = list('MILLRACE_BUILD_SCRIPTS');
  const bad = [
    ...[...(allowsAll ? [] : ofNpm), ...buildScripts].filter((name) => !NPM_NAME.test(name)),
    ...ofPython.filter((name) => !PYTHON_NAME.test(name)).map((name) => `${PYTHON}${name}`),
  ];
  for (const name of bad) {
    problems.push(
      `MILLRACE_PACKAGES, MILLRACE_BUILD_SCRIPTS: ${JSON.stringify(name)} is no name of a package`,
    );
  }
  return {
    ...{ npmRegistry, pypiIndex, buildScripts },
    packages: names.length === 0 ? null : allowsAll ? '*' : ofNpm,
    pythonPackages: allowsAll ? '*' : ofPython,
  };
}

function parseRegistry(name: string, value: string, problems: string[]): string {
  const url = URL.canParse(value) ? new URL(value) : null;
  if (url === null || !/^https?:$/.test(url.protocol) || url.username !== '' || url.search !== '') {
    problems.push(`${name} must be an http or https address without a user name`);
  }
  return value.replace(/\/+$/, '');
}
