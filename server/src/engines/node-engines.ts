// Which Node runs a code: one of the majors that Millrace installs when one is first asked for. Called by
// engines.ts.
import { nodeEngine, nodeMajor } from '../../../contract/engine-name.ts';
import type { EngineInstaller } from './engine-installer.ts';
import type { LanguageEngines } from './engines.ts';
import type { NodeCode } from './runtime-codes.ts';

export function createNodeEngines(installer: EngineInstaller): LanguageEngines<NodeCode> {
  return {
    choose({ engineMajor: major, substituted }) {
      const version = installer.version(major) ?? String(major);
      return { language: 'node', engine: nodeEngine(major), version, substituted };
    },
    ensure: (engine) => installer.ensure(nodeMajor(engine)),
  };
}
