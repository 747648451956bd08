// The settings of the packages that functions may have installed. Pure; part of config.ts, which reports all
// problems at once.
import type { SettingReader } from './setting-reader.ts';

export type PackageSettings = {
  /** Where packages come from; no trailing slash. MILLRACE_NPM_REGISTRY */
  npmRegistry: string;
  /** Where Python's packages come from, a simple index; no trailing slash. MILLRACE_PYPI_INDEX */
  pypiIndex: string;
  /**
   * Names of the packages that functions may have; null: what the dialect allows; `*`: all. MILLRACE_PACKAGES
   */
  packages: string[] | '*' | null;
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
  const packages = text('MILLRACE_PACKAGES') === '*' ? '*' : list('MILLRACE_PACKAGES');
  const buildScripts = list('MILLRACE_BUILD_SCRIPTS');
  for (const name of [...(packages === '*' ? [] : packages), ...buildScripts]) {
    if (!/^(@[\w.~-]+\/)?[\w.~-]+$/.test(name))
      problems.push(
        `MILLRACE_PACKAGES, MILLRACE_BUILD_SCRIPTS: ${JSON.stringify(name)} is no name of a package`,
      );
  }
  return { npmRegistry, pypiIndex, packages: packages.length === 0 ? null : packages, buildScripts };
}

function parseRegistry(name: string, value: string, problems: string[]): string {
  const url = URL.canParse(value) ? new URL(value) : null;
  if (url === null || !/^https?:$/.test(url.protocol) || url.username !== '' || url.search !== '') {
    problems.push(`${name} must be an http or https address without a user name`);
  }
  return value.replace(/\/+$/, '');
}
